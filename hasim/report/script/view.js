// A timeline that a reader can move, in step with its log.

class View extends Drawing {
  constructor(element) {
    super(element);
    this.said = element.querySelector(".said");
    this.log = element.querySelector(".log");
    this.lines = [...this.log.children];
    this.pointers = new Map();
    this.pinned = false;
    this.near = -1;
    this.listen(element);
    const firsts = [...this.data.marks, ...this.data.violations].map((one) => one[0]);
    if (firsts.length) this.mark(this.nearest(Math.min(...firsts)));
  }

  // ---- the cursor and the log, in step

  point(at, scroll) {
    this.cursor = at;
    this.drawCursor();
    this.mark(this.nearest(at), scroll);
  }

  nearest(at) {
    const times = this.data.log;
    if (!times.length) return -1;
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] < at) low = middle + 1; else high = middle;
    }
    const seen = (i) => i >= 0 && i < times.length && !this.lines[i].hidden;
    let before = low - 1, after = low;
    while (before >= 0 && !seen(before)) before -= 1;
    while (after < times.length && !seen(after)) after += 1;
    if (after >= times.length) return before;
    if (before < 0) return after;
    return at - times[before] < times[after] - at ? before : after;
  }

  mark(index, scroll) {
    if (this.near >= 0) {
      this.lines[this.near].classList.remove("near");
      this.lines[this.near].removeAttribute("aria-current");
    }
    this.near = index;
    if (index < 0) return;
    const line = this.lines[index];
    line.classList.add("near");
    line.setAttribute("aria-current", "true");
    if (scroll === false) return;
    const top = line.offsetTop - (this.log.clientHeight - line.offsetHeight) / 2;
    this.log.scrollTop = Math.max(0, top);
  }

  // Show an instant that may lie outside the window.
  go(at) {
    if (at < this.begin || at > this.end) {
      const half = (this.end - this.begin) / 2;
      this.show(at - half, at + half);
    }
    this.pinned = true;
    this.point(at);
    this.later();
  }

  step(by) {
    let index = this.near < 0 ? -1 : this.near;
    do index += by; while (this.lines[index] && this.lines[index].hidden);
    if (!this.lines[index]) return;
    this.go(this.data.log[index]);
    this.mark(index);
    this.said.textContent = [...this.lines[index].children].map((e) => e.textContent).join(" ");
  }

  what(x, y) {
    for (const spot of this.hot) {
      if (x >= spot.x0 && x <= spot.x1 && y >= spot.y0 && y <= spot.y1) return spot.words;
    }
    const row = this.rows.find((r) => y >= r.y0 && y < r.y1);
    if (!row) return "";
    const bar = row.drawn.find((b) => x >= b.x0 - 1 && x <= Math.max(b.x1, b.x0 + 1.5) + 1);
    if (!bar) return row.label;
    const until = bar.open ? "the end" : told(bar.end);
    const name = bar.many > 1 ? `${row.label}: ${bar.many} states` : bar.title;
    return `${name}, from ${told(bar.begin)} to ${until}`;
  }

  // ---- what a reader does

  listen(element) {
    element.querySelector(".tools").addEventListener("click", (event) => {
      const asked = event.target.dataset.do;
      if (asked) this.act(asked);
    });
    this.live.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.svg.addEventListener("dblclick", () => { this.pinned = false; this.reset(); });
    this.svg.addEventListener("pointerdown", (event) => this.down(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    this.svg.addEventListener("pointerleave", () => hideTip());
    for (const name of ["pointerup", "pointercancel"]) {
      this.svg.addEventListener(name, (event) => this.up(event));
    }
    const jump = (event) => {
      if (event.buttons !== 1 && event.type === "pointermove") return;
      const box = this.strip.getBoundingClientRect();
      const share = (event.clientX - box.left - this.left) / (this.right - this.left);
      const half = (this.end - this.begin) / 2, at = clamp(share, 0, 1) * this.data.end;
      this.show(clamp(at - half, 0, this.data.end - 2 * half),
        clamp(at + half, 2 * half, this.data.end));
    };
    for (const name of ["pointerdown", "pointermove"]) this.strip.addEventListener(name, jump);
    this.listenToLog(element);
  }

  listenToLog(element) {
    const pick = (line) => {
      const index = this.lines.indexOf(line);
      if (index < 0) return;
      this.go(this.data.log[index]);
      this.mark(index, false);
    };
    this.log.addEventListener("click", (event) => {
      if (String(getSelection())) return;
      pick(event.target.closest("li"));
    });
    this.log.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1, n: 1, p: -1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.step(by);
    });
    const find = element.querySelector(".find"), who = element.querySelector(".who");
    const matches = element.querySelector(".matches");
    const filter = () => {
      const wanted = find.value.toLowerCase(), node = who ? who.value : "";
      let many = 0;
      for (const line of this.lines) {
        const [, name, text] = line.children, own = name.textContent;
        line.hidden = Boolean((node && own && own !== node) ||
          (wanted && !text.textContent.toLowerCase().includes(wanted)));
        many += line.hidden ? 0 : 1;
        line.style.display = line.hidden ? "none" : "";
      }
      matches.textContent = wanted || node ? `${many} of ${this.lines.length} rows` : "";
    };
    find.addEventListener("input", filter);
    if (who) who.addEventListener("change", filter);
  }

  act(asked) {
    const does = {
      in: () => this.zoom(.5, this.pinned ? this.cursor : undefined),
      out: () => this.zoom(2), left: () => this.pan(-.25), right: () => this.pan(.25),
      all: () => this.show(0, this.data.end), reset: () => { this.pinned = false; this.reset(); },
    };
    does[asked]();
    this.said.textContent = `Shown is ${told(this.begin)} to ${told(this.end)}`;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const asked = { "+": "in", "=": "in", "-": "out", ArrowLeft: "left", ArrowRight: "right",
      Home: "all", Escape: "reset", 0: "reset" }[event.key];
    if (asked) this.act(asked);
    else if (event.key === "n") this.step(1);
    else if (event.key === "p") this.step(-1);
    else return;
    event.preventDefault();
  }

  wheel(event) {
    const out = event.deltaY > 0 && this.end - this.begin >= this.data.end;
    if (out || event.shiftKey && !event.deltaY && !event.deltaX) return;
    event.preventDefault();
    const scale = event.deltaMode === 1 ? 16 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      this.pan((event.deltaX || event.deltaY) * scale / 800);
      return;
    }
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    this.zoom(Math.exp(clamp(event.deltaY * scale, -240, 240) / 400), this.at(x));
  }

  down(event) {
    this.svg.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event.clientX);
    this.moved = 0;
    this.grip();
  }

  // What is held: the window and where the pointers are.
  grip() {
    this.held = { begin: this.begin, end: this.end, xs: [...this.pointers.values()] };
  }

  move(event) {
    const box = this.svg.getBoundingClientRect(), x = event.clientX - box.left;
    if (!this.pointers.has(event.pointerId)) {
      const words = this.what(x, event.clientY - box.top);
      if (!this.pinned) this.point(this.at(x));
      else this.mark(this.nearest(this.at(x)));
      if (words) showTip(`${told(this.at(x))}\n${words}`, event.clientX, event.clientY);
      else hideTip();
      return;
    }
    hideTip();
    this.pointers.set(event.pointerId, event.clientX);
    const xs = [...this.pointers.values()], { begin, end, xs: from } = this.held;
    const scale = (end - begin) / (this.right - this.left);
    this.moved = Math.max(this.moved, Math.abs(xs[0] - from[0]));
    if (this.moved > 4) this.live.classList.add("dragged");
    if (xs.length === 1) {
      const by = clamp((from[0] - xs[0]) * scale, -begin, this.data.end - end);
      if (this.moved > 4) this.show(begin + by, end + by);
    } else if (xs.length === 2) {
      const factor = Math.max(8, Math.abs(from[0] - from[1])) / Math.max(8, Math.abs(xs[0] - xs[1]));
      const share = ((from[0] + from[1]) / 2 - box.left - this.left) / (this.right - this.left);
      const middle = begin + clamp(share, 0, 1) * (end - begin);
      this.moved = 9;
      this.show(middle - (middle - begin) * factor, middle + (end - middle) * factor);
    }
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    this.live.classList.remove("dragged");
    if (event.type === "pointerup" && this.moved <= 4 && !this.pointers.size) {
      const box = this.svg.getBoundingClientRect(), x = event.clientX - box.left;
      this.pinned = !this.pinned;
      this.point(this.at(x));
      const words = this.what(x, event.clientY - box.top);
      if (event.pointerType !== "mouse" && words) {
        showTip(`${told(this.at(x))}\n${words}`, event.clientX, event.clientY);
      }
    }
    this.grip();
  }
}
