// @ts-nocheck: this runs in the browser, whose library the rest of the project does not have.

{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const { files, sentences } = JSON.parse(one('#states').textContent);
  const sites = all('article.site');
  const links = new Map(all('nav li a').map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const radios = all('input[name=variant]');
  const state = one('#state');
  const silent = state.textContent;

  // Registers: by name, all places where one stands.
  const places = new Map();
  for (const each of all('var, button.register')) {
    const name = each.textContent;
    if (!places.has(name)) places.set(name, []);
    places.get(name).push(each);
    if (each.tagName === 'VAR') each.tabIndex = -1;
  }
  let lit = null;
  let kept = null;

  const describe = (element, name) => {
    const source = element.closest('[data-file]');
    const line = element.closest('[data-l]')?.dataset.l ?? element.closest('article.site')?.dataset.line;
    const number = source && line ? files[source.dataset.file]?.[line]?.[name] : undefined;
    const text = number === undefined ? `${name}: no code that is looked at stands here` : sentences[number];
    return line ? `line ${line}: ${text}` : name;
  };
  const light = (element) => {
    const name = element === null ? null : element.textContent;
    if (name !== lit) {
      for (const each of places.get(lit) ?? []) each.classList.remove('lit');
      for (const each of places.get(name) ?? []) each.classList.add('lit');
      lit = name;
    }
    state.textContent = element === null ? silent : describe(element, name);
    for (const each of all('button.register')) each.setAttribute('aria-pressed', String(each.textContent === lit));
  };
  const register = (event) => event.target.closest?.('var, button.register') ?? null;
  document.addEventListener('mouseover', (event) => {
    const found = register(event);
    if (found) light(found);
    else if (lit !== null) light(kept);
  });
  document.addEventListener('focusin', (event) => {
    kept = register(event);
    light(kept);
  });
  document.addEventListener('focusout', () => {
    kept = null;
  });
  document.addEventListener('click', (event) => {
    const found = register(event);
    if (found) found.focus();
  });

  // Variants: a link to a site carries the one that is shown.
  const choose = (value) => {
    document.body.dataset.variant = value;
    for (const radio of radios) radio.checked = radio.value === value;
  };
  const address = (id) => `#${encodeURI(id)}~${document.body.dataset.variant}`;
  const remember = (id) => history.replaceState(null, '', address(id));
  for (const radio of radios)
    radio.addEventListener('change', () => {
      choose(radio.value);
      const site = document.activeElement.closest('article.site') ?? current;
      if (site) remember(site.id);
    });

  // Filters leave out sites and their links.
  const operation = one('#operation');
  const kind = one('#kind');
  const refused = one('#refused');
  const fits = (site) =>
    (operation.value === '' || site.dataset.operation === operation.value) &&
    (kind.value === '' || site.dataset.kinds.split(' ').includes(kind.value)) &&
    (!refused.checked || 'refused' in site.dataset);
  const filter = () => {
    let count = 0;
    for (const site of sites) {
      const shown = fits(site);
      if (shown) count++;
      site.hidden = !shown;
      const link = links.get(site.id);
      if (link) link.parentElement.hidden = !shown;
    }
    for (const group of all('nav section')) group.hidden = all('li', group).every((item) => item.hidden);
    one('#count').textContent = `${count} ${count === 1 ? 'site' : 'sites'}`;
  };
  for (const each of [operation, kind, refused]) each.addEventListener('change', filter);

  // Places: by link, and by key.
  let current = null;
  const go = (site) => {
    if (site.hidden) {
      operation.value = '';
      kind.value = '';
      refused.checked = false;
      filter();
    }
    current = site;
    for (const [id, link] of links)
      if (id === site.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    site.focus({ preventScroll: true });
    site.scrollIntoView({ block: 'center' });
  };
  const follow = () => {
    const [id, variant] = decodeURIComponent(location.hash.slice(1)).split('~');
    if (variant !== undefined && radios[variant]) choose(variant);
    const found = document.getElementById(id);
    if (!found) return;
    if (found.matches('article.site')) go(found);
    else if (found.tagName === 'DETAILS') found.open = true;
    for (let around = found.parentElement; around; around = around.parentElement)
      if (around.tagName === 'DETAILS') around.open = true;
    if (variant !== undefined && !found.matches('article.site')) found.scrollIntoView();
  };
  window.addEventListener('hashchange', follow);
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('article.site h4 a:first-child, nav li a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const site = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!site) return;
    event.preventDefault();
    history.pushState(null, '', address(site.id));
    go(site);
  });

  const step = (by) => {
    const shown = sites.filter((site) => !site.hidden);
    if (shown.length === 0) return;
    const at = shown.indexOf(current);
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, at + by));
    go(shown[next]);
    remember(shown[next].id);
  };
  const moveInSite = (by) => {
    const site = document.activeElement.closest('article.site') ?? current;
    if (!site) return false;
    const own = all('var, button.register', site).filter((each) => each.getClientRects().length > 0);
    const at = own.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : own.length - 1) : at + by;
    if (!own[next]) return false;
    own[next].focus();
    return true;
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    v: () => {
      choose(String((Number(document.body.dataset.variant) + 1) % radios.length));
      if (current) remember(current.id);
    },
    f: () => operation.focus(),
    ArrowRight: () => moveInSite(1),
    ArrowLeft: () => moveInSite(-1),
    Escape: () => (current ?? one('#main')).focus(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select')) return;
    if (!Object.hasOwn(keys, event.key)) return;
    if (event.key.startsWith('Arrow') && event.target.matches('figure, .scroll')) return;
    if (keys[event.key]() !== false) event.preventDefault();
  });

  // On a narrow screen the list of sites would be a long way to the first one.
  if (window.matchMedia('(max-width: 60rem)').matches) for (const each of all('nav details')) each.open = false;
  follow();
}
