// The panel's front end: plain DOM, no build step. Everything that came from data is put in as text, never as HTML.
// The kernel side is widget.py; what is shown is made in views/payload.py.

const KEY = "mlready";
const STATES = "application/vnd.jupyter.widget-state+json";
const GONE = "The kernel gives no answer. If it was restarted, run the cell with %mlready again.";

// -- the open notebook ---------------------------------------------------------------------------------------------
// `widget_manager.context` is undocumented: it is touched here and nowhere else, and a browser test watches it.
function notebook(model) {
  const doc = model.widget_manager?.context?.model;
  const able = typeof doc?.getMetadata === "function" && typeof doc?.setMetadata === "function" && !doc.readOnly;
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const put = (key, value) => {
    if (!same(doc.getMetadata(key), value)) doc.setMetadata(key, value);
  };
  return {
    able,
    why: able ? "" : "this front end lets no widget write into the notebook; use: mlready check NOTEBOOK --save",
    save: () => model.widget_manager?.context?.save?.(),
    read: () => (able ? doc.getMetadata(KEY) ?? null : null),
    write: (value) => put(KEY, value),
    filed(told) {
      const heard = (_, state) => { if (state === "completed") told(); };
      const context = model.widget_manager?.context;
      context?.saveState?.connect?.(heard);
      return () => context?.saveState?.disconnect?.(heard);
    },
    // Somebody else may write too: another person in a shared document, a file that was reloaded.
    watch(changed) {
      const heard = (_, change) => { if (!change || (change.key ?? change.name ?? KEY) === KEY) changed(doc.getMetadata(KEY) ?? null); };
      doc?.metadataChanged?.connect?.(heard);
      return () => doc?.metadataChanged?.disconnect?.(heard);
    },
    // A still picture of the panel beside the widgets' saved state: who opens the file without a kernel sees it.
    keepStill(id, state) {
      const saved = doc.getMetadata("widgets") ?? {};
      const others = Object.entries(saved[STATES]?.state ?? {}).filter(
        ([, m]) => !String(m?.state?._anywidget_id ?? "").startsWith("mlready_nb."),
      );
      const { _model_module: model_module, _model_module_version: model_module_version, _model_name: model_name } = state;
      const mine = { model_module, model_module_version, model_name, state };
      const states = Object.fromEntries([...others, [id, mine]]);
      put("widgets", { ...saved, [STATES]: { version_major: 2, version_minor: 0, state: states } });
    },
    cells() {
      const found = [];
      for (let i = 0; i < (doc?.cells?.length ?? 0); i++) {
        const cell = doc.cells.get(i);
        if (cell?.type === "code") found.push([String(cell.id), String(cell.sharedModel?.getSource?.() ?? "")]);
      }
      return found;
    },
    jump(from, id, number) {
      let index = -1;
      for (let i = 0, code = 0; i < (doc?.cells?.length ?? 0); i++) {
        const cell = doc.cells.get(i);
        if (cell?.type === "code") code += 1;
        if ((id && cell?.id === id) || (!id && cell?.type === "code" && code === number)) { index = i; break; }
      }
      const root = from.closest(".jp-Notebook");
      if (index < 0 || !root) return false;
      const scroller = root.querySelector(".jp-WindowedPanel-outer") ?? root;
      let tries = 20;
      const look = () => {
        const cell = root.querySelector(`.jp-Cell[data-windowed-list-index="${index}"]`) ?? root.querySelectorAll(".jp-Cell")[index];
        if (cell?.dataset.windowedListIndex === String(index) || (cell && !cell.dataset.windowedListIndex)) {
          cell.scrollIntoView({ block: "center" });
          cell.classList.add("mlr-shown-cell");
          setTimeout(() => cell.classList.remove("mlr-shown-cell"), 2500);
        } else if (tries-- > 0) {
          scroller.scrollTop = (scroller.scrollHeight * index) / doc.cells.length;
          setTimeout(look, 60);
        }
      };
      look();
      return true;
    },
  };
}

// -- small tools ---------------------------------------------------------------------------------------------------
const FOCUSABLE = new Set(["button", "input", "select", "textarea", "summary", "a"]);

function h(spec, attributes, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.map((c) => `mlr-${c}`).join(" ");
  if (FOCUSABLE.has(tag)) node.setAttribute("data-lm-suppress-shortcuts", "true");
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

function isDark(el) {
  const kind = document.body?.dataset.vscodeThemeKind;
  if (kind) return kind.includes("dark") || kind.includes("high-contrast");
  const jupyter = document.body?.dataset.jpThemeLight;
  if (jupyter) return jupyter === "false";
  const [r, g, b] = (getComputedStyle(el.parentElement ?? el).color.match(/\d+/g) ?? [0, 0, 0]).map(Number);
  if (r + g + b > 0) return 0.299 * r + 0.587 * g + 0.114 * b > 140;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

let views = 0;

// -- one view ------------------------------------------------------------------------------------------------------
function panel({ model, el }) {
  const words = model.get("words");
  const book = notebook(model);
  const me = `v${++views}-${Math.random().toString(36).slice(2, 8)}`;
  const waiting = new Map();
  const drafts = new Map();
  const details = new Map();
  const figures = new Map();
  const errors = new Map();
  const open = new Set();
  let live = model.get("live");
  let progress = null;
  let area = live.next?.[0] && live.has_run ? areaOf(live.next[0]) : "stage-1";
  let filter = "";
  let chip = null;
  let drawer = false;
  let chosen = false;
  let count = 0;

  const parts = Object.fromEntries(["head", "ask", "bar", "flags", "nav", "main", "live"].map((n) => [n, h(`div.${n}`)]));
  parts.nav.setAttribute("role", "navigation");
  parts.live.setAttribute("aria-live", "polite");
  const saving = (e) => {  // the notebook's shortcuts are held off our fields; this one is wanted everywhere
    if ((e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === "s") { e.preventDefault(); book.save(); }
  };
  const root = h("div.panel", { role: "region", "aria-label": "Readiness checklist", onkeydown: saving },
    parts.head, parts.bar, parts.ask, parts.flags, h("div.body", {}, parts.nav, parts.main), parts.live);
  el.append(root);

  function areaOf(code) {
    return words.areas.find((a) => a.items.includes(code))?.key ?? "stage-1";
  }

  // -- the kernel
  function ask(command, values = {}, key = command) {
    const id = `${me}-${++count}`;
    errors.delete(key);
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer({ id, error: GONE }), 12000);
      waiting.set(id, { resolve, key, timer });
      try { model.send({ id, do: command, with: values }); } catch { answer({ id, error: GONE }); }
    });
  }
  function answer({ id, ok, error }) {
    const asked = waiting.get(id);
    if (!asked) return;
    waiting.delete(id);
    clearTimeout(asked.timer);
    if (error !== undefined) {
      if (asked.key) { errors.set(asked.key, error); draw(); }
      asked.resolve(undefined);
    }
    else asked.resolve(ok ?? null);
  }
  function heard(message) {
    if (message?.id !== undefined && message.id !== null) answer(message);
    else if (message?.progress !== undefined) {
      const ended = progress && !message.progress;
      progress = message.progress;
      drawBar();
      if (ended) {
        tell("Checks have ended");
        if (!chosen && live.next[0]) go(areaOf(live.next[0]));
        drawHead();
      }
      else if (!progress || progress.done === 0) drawHead();
    } else if (message?.saved) { live = { ...live, saved: message.saved }; drawHead(); }
  }
  function changed() {
    live = model.get("live");
    figures.clear();
    draw();
    for (const code of open) fetchDetail(code);
  }
  async function fetchDetail(code) {
    const found = await ask("detail", { code }, `detail-${code}`);
    if (found) { details.set(code, found); drawMain(); }
  }
  function tell(text) {
    parts.live.textContent = text;
  }

  // -- drawing: each part is made anew; what is typed and what has the focus is kept by its key
  function keep(part, make) {
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.dataset.key;
    const at = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
    part.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
    if (!key) return;
    const again = part.querySelector(`[data-key="${CSS.escape(key)}"]`);
    again?.focus({ preventScroll: true });
    if (again && at && at[0] !== null) try { again.setSelectionRange(...at); } catch { /* not a text field */ }
  }
  function field(tag, key, attributes = {}) {
    const node = h(tag, { ...attributes, "data-key": key, oninput: (e) => drafts.set(key, e.target.value) });
    node.value = drafts.get(key) ?? attributes.value ?? "";
    return node;
  }
  const draft = (key) => (drafts.get(key) ?? "").trim();
  const error = (key) => errors.has(key) && h("div.error", { role: "alert" }, errors.get(key));
  const code = (text) => h("code", {}, text);
  function badge(status, stale) {
    const [icon, word, tone] = words.status[status] ?? ["○", status, "muted"];
    return h(`span.badge.${tone}`, {}, h("span.icon", { "aria-hidden": "true" }, icon), ` ${word}`, stale && h("span.stale", {}, " ↻ stale"));
  }
  function button(label, key, onclick, more = {}) {
    return h(`button.button${more.kind ? `.${more.kind}` : ""}`, { "data-key": key, onclick, title: more.title, disabled: more.disabled, "aria-expanded": more.expanded, "aria-pressed": more.pressed }, label);
  }

  function draw() {
    root.dataset.dark = String(isDark(el));
    drawHead(); drawBar(); drawAsk(); drawFlags(); drawNav(); drawMain();
  }

  function drawHead() {
    keep(parts.head, () => {
      const bound = Object.fromEntries(live.bound.map((b) => [b[0], b]));
      const share = live.total ? live.done / live.total : 0;
      const ring = h("div.ring", { style: `--share:${share}`, role: "img", "aria-label": `${live.done} of ${live.total} items settled` },
        h("span", {}, h("b", {}, String(live.done)), `/${live.total}`));
      const test = bound.X_test;
      const facts = bound.model
        ? [code(bound.model[1]), ` ${live.kind}`, test && [" · ", code(test[1]), ` ${test[2]}`], bound.sensitive_features && [" · sensitive ", code(bound.sensitive_features[1])]]
        : ["No fitted model yet: it is noticed as soon as a cell makes one"];
      const [status, sentence] = live.saved;
      return [
        ring,
        h("div.title", {},
          h("div.gate", {}, h(`span.verdict.${live.gate.tone}`, {}, `${live.gate.icon} ${live.gate.word}`), h("span.why", { title: live.to_do?.gate ?? "" }, live.gate.why)),
          h("div.bound", {}, facts, " ", button(drawer ? "close" : "change…", "drawer", () => { drawer = !drawer; draw(); }, { kind: "link", expanded: String(drawer), title: "Which variable is what" })),
        ),
        h("div.actions", {},
          h("div.buttons", {},
            progress
              ? button("■ Stop", "run", () => { ask("stop"); tell("Stopping …"); }, { kind: "stop" })
              : button("▶ Run checks", "run", run, { kind: "primary", title: `${live.ready_checks} checks can run now` }),
            live.stale > 0 && !progress && button(`↻ Re-run ${live.stale} stale`, "stale", () => ask("run", { stale_only: true, cells: book.cells() }), {}),
            exporting(),
          ),
          h(`div.saved.${status}`, { title: sentence }, status === "failed" ? "✕ " : status === "saved" ? "✓ " : "", sentence),
          error("run"), error("stop"), error("export"),
        ),
      ];
    });
  }
  function exporting() {
    const forms = [["card", "Model card"], ["runbook", "Runbook"], ["html", "HTML report"], ["json", "JSON"]];
    const menu = h("details.menu", {}, h("summary.button", { "data-key": "export" }, "Export ▾"), h("div.choices", {}, forms.map(([form, label]) =>
      button(label, `export-${form}`, async () => {
        menu.open = false;
        const written = await ask("export", { form }, "export");
        if (written) tell(`Wrote ${written.join(", ")}`);
      }))));
    return menu;
  }
  async function run() {
    progress = { done: 0, total: live.ready_checks, check: "", elapsed: 0, left: 0 };
    drawHead(); drawBar();
    if ((await ask("run", { cells: book.cells() }, "run")) === undefined) { progress = null; drawHead(); drawBar(); }
  }

  function drawBar() {
    parts.bar.hidden = !progress;
    if (!progress) return parts.bar.replaceChildren();
    const { done, total, check, left } = progress;
    const time = left >= 1 ? ` · about ${Math.ceil(left)} s left` : "";
    const share = total ? Math.min(100, (100 * done) / total) : 0;
    parts.bar.replaceChildren(
      h("span", {}, `${done} of ${total}`),
      h("div.track", { role: "progressbar", "aria-valuenow": Math.round(share), "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": "Checks" }, h("div.fill", { style: `width:${share}%` })),
      h("span.under", {}, `${check.replaceAll("-", " ")}${time}`),
    );
  }

  function drawAsk() {
    keep(parts.ask, () => [
      live.problem && h("div.notice.bad", {}, "✕ ", live.problem),
      live.recovered && h("div.notice", {}, "↺ ", live.recovered),
      live.questions.map(([subject, text, options]) => h("div.notice.question", {}, h("b", {}, "? "), text, h("span.options", {}, options.map((o) =>
        button(o, `q-${subject}-${o}`, () => ask("use", { [subject]: o }, "use"), { title: `%mlready use ${subject}=${o}` }))))),
      drawer && bindings(),
    ]);
  }
  function bindings() {
    const bound = Object.fromEntries(live.bound.map((b) => [b[0], b]));
    const names = [...live.bound.map((b) => b[0]), ...live.unbound];
    return h("div.drawer", {},
      h("div.bindings", {}, names.map((name) => {
        const [, variable, shape, how, others] = bound[name] ?? [name, "", "", "not found", []];
        const key = `use-${name}`;
        const take = (value) => value && (drafts.delete(key), ask("use", { [name]: value }, "use"));
        const choices = [...new Set([variable, ...others].filter(Boolean))];
        return [
          h("label", { for: `${me}-${key}` }, name),
          h("div.choice", {},
            choices.length > 1 && h("select", { "data-key": `${key}-s`, "aria-label": `${name}: choose`, onchange: (e) => take(e.target.value) },
              choices.map((c) => h("option", { value: c, selected: c === variable }, c)), h("option", { value: "none" }, "none"), h("option", { value: "auto" }, "choose again")),
            field("input", key, { id: `${me}-${key}`, placeholder: variable || "variable or expression", onkeydown: (e) => e.key === "Enter" && take(draft(key)), onchange: () => take(draft(key)) }),
          ),
          h("span.how", {}, shape && h("span", {}, shape, " · "), how),
        ];
      })),
      live.notes.map((n) => h("div.note", {}, n)),
      error("use"),
      h("div.targets", {}, h("label", { for: `${me}-target` }, "Goals"), live.targets.map((t) => code(t)),
        field("input", "target", { id: `${me}-target`, placeholder: "recall>=0.8", onkeydown: async (e) => {
          if (e.key === "Enter" && draft("target") && (await ask("target", { goals: [draft("target")] }, "target")) !== undefined) { drafts.delete("target"); draw(); }
        } }), error("target")),
    );
  }

  function drawFlags() {
    keep(parts.flags, () => live.raised.map(([flag, title, message, cell, id]) => h("div.flag", {},
      h("span", {}, h("b.bad", {}, "✕ Red flag "), h("b", {}, title), message && ` — ${message}`),
      cell ? button(`Cell ${cell} ↗`, `flag-${flag}`, () => book.jump(root, id, cell), { kind: "link" })
        : button("Show", `flag-${flag}`, () => show(live.flags[flag][2][0] ?? flag), { kind: "link" }),
    )));
  }

  const GROUPS = [["stage", "Stages"], ["across", "Across"], ["final", "Before you ship"]];
  function drawNav() {
    keep(parts.nav, () => GROUPS.map(([group, title]) => [
      h("div.group", {}, title),
      words.areas.filter((a) => a.group === group || (group === "final" && a.group === "red-flags")).map((a, i) => {
        const [done, total, tones] = live.areas[a.key];
        return tab(a.key, `${group === "stage" ? `${i + 1} ` : ""}${a.short}`, `${done}/${total}`, tones);
      }),
      group === "final" && [tab("card", "Model card", filled("card")), tab("runbook", "Runbook", filled("runbook"))],
    ]));
  }
  function filled(template) {
    const empty = words.templates[template].flatMap((s) => s.fields).filter(([key, , hint]) => hint && !live.card[key] && !live.facts[key]).length;
    return empty ? `${empty} to fill` : "filled";
  }
  function tab(key, label, aside, tones) {
    return h("button.tab", { "data-key": `tab-${key}`, "aria-current": area === key && !filter && !chip ? "page" : null, onclick: () => { chosen = true; go(key); }, onkeydown: walk },
      h("span.name", {}, label), h("span.count", {}, aside),
      tones && h("span.segments", { "aria-hidden": "true" }, tones.map((t) => h(`i.${t}`))));
  }
  function go(key) {
    area = key; filter = ""; chip = null; drafts.delete("filter");
    drawNav(); drawMain();
  }
  function walk(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const tabs = [...parts.nav.querySelectorAll("button")];
    tabs[tabs.indexOf(e.currentTarget) + step]?.focus();
  }
  function show(which) {
    const item = which.split(".")[0];
    area = areaOf(item); filter = ""; chip = null; drafts.delete("filter");
    open.add(item);
    fetchDetail(item);
    drawNav(); drawMain();
    parts.main.querySelector(`[data-key="row-${item}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function drawMain() {
    keep(parts.main, () => {
      if (area === "card" || area === "runbook") return [tools(), template(area)];
      const areas = filter || chip ? words.areas.filter((a) => a.key !== "red-flags") : words.areas.filter((a) => a.key === area);
      const lists = areas.map((a) => list(a)).filter(Boolean);
      return [tools(), lists.length ? lists : h("div.empty", {}, "Nothing fits this filter."), area === "final" && !filter && !chip && advice()];
    });
  }
  function tools() {
    const kinds = [["fail", "fail"], ["warn", "warn"], ["inconclusive", "inconclusive"], ["stale", "stale"], ["open", "open"]];
    const next = live.next[0];
    return h("div.tools", {},
      field("input.filter", "filter", { type: "search", placeholder: "Filter items", "aria-label": "Filter items", onkeyup: (e) => { filter = e.target.value.trim().toLowerCase(); drawMain(); } }),
      kinds.map(([key, label]) => {
        const n = Object.values(live.items).filter((i) => fits(i, key)).length;
        const [icon] = words.status[key] ?? ["↻"];
        return n > 0 && button(`${icon} ${n} ${label}`, `chip-${key}`, () => { chip = chip === key ? null : key; drawNav(); drawMain(); }, { kind: "chip", pressed: String(chip === key) });
      }),
      next && h("span.next", {}, "Next: ", button(words.items[next][0], "next", () => show(next), { kind: "link" })),
    );
  }
  function fits([status, , , , stale], key) {
    if (key === "stale") return stale;
    if (key === "open") return ["open", "partial", "not_run"].includes(status);
    return status === key || (key === "fail" && status === "error");
  }
  function list(a) {
    const items = a.items.filter((c) => {
      const [title, section] = words.items[c];
      const found = !filter || `${c} ${title} ${section} ${live.items[c]?.[1] ?? ""}`.toLowerCase().includes(filter);
      return found && (!chip || fits(live.items[c] ?? [], chip));
    });
    if (!items.length) return null;
    const made = filter || chip ? [h("h2.area", {}, a.title)] : [];
    let section = "";
    for (const c of items) {
      const [, own] = words.items[c];
      if (own !== section) made.push(h("h3.section", {}, (section = own)));
      made.push(a.key === "red-flags" ? flag(c) : row(c));
    }
    return made;
  }
  function toggle(c) {
    if (open.delete(c)) return drawMain();
    open.add(c);
    drawMain();
    fetchDetail(c);
  }
  function row(c) {
    const [title, , severity] = words.items[c];
    const [status, message, aside, , stale] = live.items[c];
    const opened = open.has(c);
    return h("div.item", {},
      h("button.row", { "data-key": `row-${c}`, "aria-expanded": String(opened), onclick: () => toggle(c), onkeydown: (e) => e.key === "Escape" && opened && toggle(c) },
        h("span.twist", { "aria-hidden": "true" }, opened ? "⌄" : "›"), badge(status, stale),
        h("span.name", {}, title, severity === "blocker" && h("span.blocker", { title: "A red flag hangs on this" }, " ⚑")),
        h("span.message", {}, message || words.items[c][3]), h("span.aside", {}, aside)),
      opened && body(c));
  }
  function flag(c) {
    const [status, message, because] = live.flags[c];
    const [icon, word, tone] = words.flag[status];
    return h("div.item", {}, h("div.row.still", {}, h("span"), h(`span.badge.${tone}`, {}, h("span.icon", {}, icon), ` ${word}`),
      h("span.name", {}, words.items[c][0]),
      h("span.message", {}, message || words.items[c][3], because.length > 0 && [" ", because.map((b) => button(b, `${c}-${b}`, () => show(b), { kind: "link" }))])));
  }

  function body(c) {
    const d = details.get(c);
    const [title, , , why, wanted] = words.items[c];
    if (!d) return h("div.detail", {}, error(`detail-${c}`) || "…");
    return h("div.detail", {},
      h("p.why", {}, why, d.references.length > 0 && h("span.refs", {}, ` ${d.references.join("; ")}`)),
      d.because.length > 0 && h("p", {}, "Computed from: ", d.because.map((b) => button(b, `${c}-because-${b}`, () => show(b), { kind: "link" }))),
      d.remark && h("p.remark", {}, `Stale: ${d.remark}`),
      d.steps?.length > 0 && h("p.steps", {}, `${d.steps.length} thing${d.steps.length === 1 ? "" : "s"} to do: ${d.steps.slice(0, 5).join("; ")}`),
      d.points.length > 0 && h("div.points", {}, d.points.map((p) => point(c, p))),
      d.findings.map((f) => finding(c, f)),
      d.checks.map(([name, waits]) => h("div.waits", {}, "○ ", code(name), " ", waits)),
      d.mark && h("div.mark", {}, badge(d.mark.kind), ` by ${d.mark.by ?? "?"}, ${(d.mark.at ?? "").slice(0, 10)}`, d.mark.until && `, until ${d.mark.until}`,
        d.mark.note && h("q", {}, d.mark.note), d.mark.link && h("span", {}, " ", link(d.mark.link)), " ",
        button("Take back", `unmark-${c}`, () => ask("unmark", { code: c }, `mark-${c}`), { kind: "link" })),
      form(c, wanted, title),
    );
  }
  function link(href) {
    return /^https?:\/\//i.test(href) ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, href) : code(href);
  }
  function point(c, p) {
    const marked = p.mark && p.mark.code === p.code;
    const settled = ["pass", "warn", "fail"].includes(p.status);
    return h("div.point", {}, badge(p.status), h("span", {}, p.title, marked && h("span.aside", {}, ` ${p.mark.by ?? ""}`)),
      marked ? button("Take back", `un-${p.code}`, () => ask("unmark", { code: p.code }, `mark-${c}`), { kind: "link" })
        : !settled && button("Attest", `at-${p.code}`, () => ask("mark", { code: p.code, kind: "attested", note: draft(`${c}-note`), link: draft(`${c}-link`) }, `mark-${c}`), { kind: "link", title: "I vouch for this sub-bullet" }));
  }
  function finding(c, f) {
    const aside = [f.check, f.strength, f.sampled && `${f.sampled[0].toLocaleString("en")} of ${f.sampled[1].toLocaleString("en")} rows`, `${f.seconds} s`, f.based_on.length > 0 && `on ${f.based_on.join(", ")}`].filter(Boolean).join(" · ");
    return h("div.finding", {},
      h("div.said", {}, badge(f.outcome, f.stale), h("span", {}, f.message)),
      f.tables.map((t, i) => evidence(f, t, i)),
      f.remedy && h("div.remedy", {}, h("b", {}, "How to mend "), f.remedy),
      h("div.aside", {}, aside, f.cell && [" · ", button(`Go to cell ${f.cell}${f.line ? `, line ${f.line}` : ""} ↗`, `go-${f.check}`, () => book.jump(root, f.cell_id, f.cell), { kind: "link" })]),
      f.manual.length > 0 && h("details.manual", {}, h("summary", {}, "How it looks, and where it is blind"), f.manual.map(([title, text]) => h("p", {}, h("b", {}, `${title}. `), text))),
    );
  }
  function evidence(f, t, i) {
    const grid = h("div.scroll", {}, h("table", {}, h("caption", {}, t.title),
      h("thead", {}, h("tr", {}, t.columns.map((x) => h("th", { scope: "col" }, x)))),
      h("tbody", {}, t.rows.map((r) => h("tr", {}, r.map((x, j) => (j ? h("td", {}, x) : h("th", { scope: "row" }, x))))))));
    const notes = [t.note, t.left_out > 0 && `${t.left_out} more rows`].filter(Boolean).join("; ");
    return h("div.evidence", {}, t.chart && picture(f, t, i), h("details.numbers", { open: !t.chart }, h("summary", {}, t.chart ? `${t.title}: the numbers` : "Numbers"), grid), notes && h("div.aside", {}, notes));
  }
  function picture(f, t, i) {
    const dark = root.dataset.dark === "true";
    const key = `${f.check}-${i}-${dark}`;
    const box = h("div.figure", { role: "img", "aria-label": t.title });
    const put = (svg) => svg && box.replaceChildren(h("img", { alt: t.title, src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` }));
    if (figures.has(key)) put(figures.get(key));
    else {
      figures.set(key, null);  // asked for once, whatever comes back
      ask("figure", { check: f.check, table: i, dark }, null).then((svg) => {
        figures.set(key, svg);
        put(svg);
        drawMain();
      });
    }
    return box;
  }
  function form(c, wanted, title) {
    const names = { note: `${c}-note`, link: `${c}-link`, until: `${c}-until`, by: `${c}-by` };
    const good = details.get(c)?.valid_days;
    const mark = async (kind) => {
      const values = { code: c, kind, note: draft(names.note), link: draft(names.link), until: draft(names.until) || null, by: draft(names.by) };
      if ((await ask("mark", values, `mark-${c}`)) !== undefined) { Object.values(names).forEach((n) => drafts.delete(n)); drawMain(); }
    };
    return h("div.form", { role: "group", "aria-label": `Your word on ${title}` },
      h("div.wanted", {}, wanted || "Your word"),
      field("textarea", names.note, { rows: 1, placeholder: "Note, or the reason", "aria-label": "Note or reason" }),
      field("input", names.link, { placeholder: "Link or file", "aria-label": "Link or file" }),
      field("input", names.by, { placeholder: live.author || "Your name", "aria-label": "By whom" }),
      field("input", names.until, { type: "date", "aria-label": "Until", title: good ? `Until: needed for a waiver; a word on this is usually good for ${good} days` : "Until: needed for a waiver" }),
      h("div.buttons", {},
        button("✎ Attest", `attest-${c}`, () => mark("attested"), { title: "I vouch for this" }),
        button("⚑ Waive", `waive-${c}`, () => mark("waived"), { title: "Accept it for a time: needs a reason and an end date" }),
        button("– Not applicable", `na-${c}`, () => mark("not_applicable"), { title: "Does not arise here: needs a reason" })),
      error(`mark-${c}`));
  }
  function advice() {
    return h("div.advice", {}, h("h3.section", {}, "Do"), h("ul", {}, words.dos.map((d) => h("li", {}, d))), h("h3.section", {}, "Don't"), h("ul", {}, words.donts.map((d) => h("li", {}, d))), h("p", {}, words.reminder));
  }

  function template(which) {
    return h("div.template", {}, words.templates[which].map((s) => [
      h("h3.section", {}, s.title),
      s.fields.map(([key, label, hint, kind]) => {
        const fact = live.facts[key];
        const id = `card-${key}`;
        const save = async (text) => { if ((await ask("card", { key, text }, id)) !== undefined) { drafts.delete(id); tell("Card saved"); } };
        const box = kind === "box";
        return h("div.entry", {},
          h("label", { for: `${me}-${id}` }, label || hint),
          box
            ? h("input", { id: `${me}-${id}`, type: "checkbox", "data-key": id, checked: live.card[key] ? true : null, onchange: (e) => save(e.target.checked ? "done" : "") })
            : field("textarea", id, { id: `${me}-${id}`, rows: (live.card[key] ?? "").length > 90 ? 3 : 1, placeholder: fact ? `${fact[0]} (${fact[1]})` : hint, value: live.card[key] ?? "", onchange: (e) => save(e.target.value) }),
          fact && !live.card[key] && h("span.aside", {}, "found, used unless you write something else"),
          error(id));
      }),
    ]));
  }

  const watch = new MutationObserver(() => { figures.clear(); draw(); });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  model.on("change:live", changed);
  model.on("msg:custom", heard);
  draw();
  return () => {
    watch.disconnect();
    model.off("change:live", changed);
    model.off("msg:custom", heard);
  };
}

// -- what anywidget calls --------------------------------------------------------------------------------------------
export default {
  initialize({ model }) {
    const book = notebook(model);
    const say = (command, values) => model.send({ do: command, with: values });
    const text = (value) => JSON.stringify(value);
    let known = text(book.read());  // what the kernel has heard of
    let turn = null;
    const theirs = (raw) => {
      if (raw === null || text(raw) === known) return;
      known = text(raw);
      say("theirs", { raw });
    };
    const heard = (message) => {
      if (message?.store === undefined && message?.still === undefined) return;
      try {
        if (!book.able) throw new Error(book.why);
        if (message.still) book.keepStill(message.model_id, message.still);
        if (message.store !== undefined) {
          theirs(book.read());  // merged by the kernel, and handed back to be written
          known = text(message.store);
          book.write(message.store);
          turn = message.turn;
          say("stored", { ok: true, turn: message.turn });
        }
      } catch (problem) {
        say("stored", { ok: false, why: String(problem.message ?? problem), turn: message.turn ?? null });
      }
    };
    model.on("msg:custom", heard);
    const unwatch = book.able ? [book.watch(theirs), book.filed(() => say("filed", { turn }))] : [];
    say("hello", { raw: book.read(), cells: book.cells(), can_store: book.able, why: book.why });
    return () => {
      unwatch.forEach((undo) => undo());
      model.off("msg:custom", heard);
    };
  },
  render: panel,
};
