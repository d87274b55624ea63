/*
 * Runs the reference patcher on memory images, as the test gives them: `harness CALLS`, a file with a line for each,
 *	IMAGE OUT TARGET NOREPLACE sites:START:END code:START:END ... target:NAME:START:END ...
 * Places are offsets in the image. For each it prints the status, how many writes and flushes there were, and writes OUT.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pvasm_patch.h"

static unsigned long writes, flushes;

static void write_code(void *context, const uint8_t *to, const uint8_t *bytes, size_t size)
{
	uint8_t *image = context;

	memcpy(image + (to - image), bytes, size);
	writes++;
}

static void flush(void *context, const uint8_t *start, size_t size)
{
	(void)context;
	(void)start;
	flushes += size != 0;
}

static struct pvasm_range range(const uint8_t *image, const char *text)
{
	struct pvasm_range made;
	unsigned long start, end;

	if (sscanf(text, "%lu:%lu", &start, &end) != 2)
		exit(3);
	made.start = image + start;
	made.end = image + end;
	return made;
}

/* The words of a line, which is taken apart; IMAGE is the first. */
static int apply(char **words, int count)
{
	struct pvasm_range code[16];
	struct pvasm_target targets[16];
	struct pvasm_records records = { { NULL, NULL }, code, 0 };
	struct pvasm_writer writer = { NULL, write_code, flush, 0 };
	size_t target_count = 0, size;
	uint8_t *image;
	FILE *file;
	int index, status;

	if (count < 5 || (file = fopen(words[0], "rb")) == NULL)
		return 3;
	fseek(file, 0, SEEK_END);
	size = (size_t)ftell(file);
	rewind(file);
	image = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
	if (image == NULL || fread(image, 1, size, file) != size)
		return 3;
	fclose(file);
	for (index = 4; index < count; index++) {
		char *word = words[index];
		char *colon = strchr(word, ':');

		if (colon == NULL)
			return 3;
		*colon++ = '\0';
		if (strcmp(word, "sites") == 0) {
			records.sites = range(image, colon);
		} else if (strcmp(word, "code") == 0) {
			code[records.code_count++] = range(image, colon);
		} else {
			targets[target_count].name = colon;
			colon = strchr(colon, ':');
			*colon++ = '\0';
			targets[target_count++].replacements = range(image, colon);
		}
	}
	writes = flushes = 0;
	writer.context = image;
	writer.noreplace = words[3][0] == '1';
	status = pvasm_apply(&records, targets, target_count, words[2], &writer);
	printf("%d %lu %lu\n", status, writes, flushes);
	file = fopen(words[1], "wb");
	if (file == NULL || fwrite(image, 1, size, file) != size)
		return 3;
	fclose(file);
	free(image);
	return 0;
}

int main(int count, char **arguments)
{
	char line[4096];
	char *words[40];
	FILE *calls;
	int failed = 0;

	if (count != 2 || (calls = fopen(arguments[1], "r")) == NULL)
		return 3;
	while (failed == 0 && fgets(line, sizeof(line), calls) != NULL) {
		int used = 0;

		for (char *word = strtok(line, " \n"); word != NULL && used < 40; word = strtok(NULL, " \n"))
			words[used++] = word;
		failed = apply(words, used);
	}
	fclose(calls);
	return failed;
}
