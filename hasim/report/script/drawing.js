// A timeline as it is drawn: its data, the part of it that is shown, rows, marks, cursor.

const GUTTER = 214, TOP = 20, SHORTEST = 1e3;

class Drawing {
  constructor(element) {
    this.data = JSON.parse(element.querySelector("script.data").textContent);
    this.live = element.querySelector(".live");
    this.svg = element.querySelector(".picture");
    this.strip = element.querySelector(".strip-picture");
    this.shown = element.querySelector(".shown");
    this.prefix = "live-" + element.dataset.view + "-";
    this.cursor = null;
    this.rows = this.read();
    this.alarms = this.joined();
    this.body = make(this.svg, "g", {});
    this.over = make(this.svg, "g", {});
    this.reset();
    new ResizeObserver(() => this.later()).observe(this.live);
  }

  // Rows from the data: bars with their numbers made whole.
  read() {
    const { words, styles } = this.data, rows = [];
    for (const band of this.data.bands) {
      band.rows.forEach((row, i) => {
        const bars = [];
        let begin = 0;
        for (let k = 0; k < row.bars.length; k += 6) {
          const [gap, length, value, title, style, many] = row.bars.slice(k, k + 6);
          begin += gap;
          bars.push({
            begin, end: begin + length, value: words[value], title: words[title], many,
            style: styles[style >> 1], open: style & 1,
          });
        }
        rows.push({ band, first: i === 0, last: i === band.rows.length - 1, label: row.label,
          thin: row.thin, bars, outlines: row.outlines, drawn: [] });
      });
    }
    return rows;
  }

  // When anything is violated, without overlaps.
  joined() {
    const out = [];
    for (const [at, until] of [...this.data.violations].sort((a, b) => a[0] - b[0])) {
      const last = out[out.length - 1];
      if (last && at <= last[1]) last[1] = Math.max(last[1], until);
      else out.push([at, until]);
    }
    return out;
  }

  reset() { this.show(this.data.window[0], this.data.window[1]); }

  show(begin, end) {
    const whole = this.data.end;
    const length = clamp(end - begin, Math.min(SHORTEST, whole), whole);
    this.begin = clamp(begin + (end - begin - length) / 2, 0, whole - length);
    this.end = this.begin + length;
    this.live.dataset.begin = Math.round(this.begin);
    this.live.dataset.end = Math.round(this.end);
    this.later();
  }

  zoom(factor, at) {
    const middle = at === undefined ? (this.begin + this.end) / 2 : at;
    this.show(middle - (middle - this.begin) * factor, middle + (this.end - middle) * factor);
  }

  pan(share) {
    const by = (this.end - this.begin) * share;
    const move = clamp(by, -this.begin, this.data.end - this.end);
    this.show(this.begin + move, this.end + move);
  }

  later() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.draw(); });
  }

  x(at) {
    return this.left + (at - this.begin) / (this.end - this.begin) * (this.right - this.left);
  }

  at(x) {
    const share = clamp((x - this.left) / (this.right - this.left), 0, 1);
    return this.begin + share * (this.end - this.begin);
  }

  // Bars that the window shows; neighbours too narrow to be told apart are one.
  merged(bars) {
    const out = [];
    for (const bar of bars) {
      if (bar.end < this.begin || bar.begin > this.end) continue;
      const x0 = this.x(Math.max(bar.begin, this.begin)), x1 = this.x(Math.min(bar.end, this.end));
      const last = out[out.length - 1];
      if (last && x1 - x0 < 1 && last.x1 - last.x0 < 3 && x1 - last.x0 < 3) {
        last.x1 = Math.max(last.x1, x1);
        last.end = Math.max(last.end, bar.end);
        last.many += bar.many;
        last.style = "many";
        last.value = "";
      } else {
        out.push({ ...bar, x0, x1 });
      }
    }
    return out;
  }

  draw() {
    const width = this.live.clientWidth;
    if (!width) return;
    this.left = Math.min(GUTTER, width * .36);
    this.right = width - 8;
    this.body.textContent = "";
    this.hot = [];
    let y = this.drawMarks(4);
    y = this.drawViolations(y);
    const top = this.drawAxis(y);
    y = top + 4;
    const under = make(this.body, "g", {}), over = make(this.body, "g", {});
    for (const row of this.rows) y = this.drawRow(row, y, under, over);
    this.drawGround(under, top, y);
    this.bottom = y;
    this.svg.setAttribute("height", y + 4);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${y + 4}`);
    this.drawStrip(width);
    this.drawCursor();
    this.shown.textContent = `${told(this.begin)} to ${told(this.end)} of ${told(this.data.end)}`;
  }

  drawMarks(y) {
    const lanes = [];
    let last = null;
    for (const [at, number, line, healed, order] of this.data.marks) {
      if (at < this.begin || at > this.end) continue;
      const x = this.x(at), words = `${told(at)}: ${order ? "order" : "fault"} ${number}` +
        `${healed ? " ends" : ""}: ${line}`;
      let lane = lanes.findIndex((end) => end < x - 9);
      if (lane < 0 && lanes.length >= 3) {  // no room: the last mark tells of this one as well
        last.many += 1;
        last.label.textContent = last.many + "×";
        if (last.many <= 8) last.spot.words += "\n" + words;
        continue;
      }
      if (lane < 0) lane = lanes.push(0) - 1;
      lanes[lane] = x + 9;
      const cy = y + 8 + 17 * lane, kind = healed ? "healed" : "mark";
      make(this.body, "rect", { x: x - 7.5, y: cy - 7.5, width: 15, height: 15,
        rx: order ? 0 : 7.5, class: kind });
      const label = make(this.body, "text", { x, y: cy + 3.6, class: "on" + kind,
        "text-anchor": "middle" }, number);
      const spot = { x0: x - 8, x1: x + 8, y0: cy - 8, y1: cy + 8, words };
      this.hot.push(spot);
      last = { label, spot, many: 1 };
    }
    // Rows do not move when marks come into sight and go.
    this.lanes = Math.max(this.lanes || 0, lanes.length);
    return y + 17 * this.lanes + (this.lanes ? 3 : 0);
  }

  drawViolations(y) {
    const lanes = new Map();
    for (const [at, until, name, words] of this.data.violations) {
      if (!lanes.has(name)) lanes.set(name, []);
      if (until >= this.begin && at <= this.end) lanes.get(name).push([at, until, words]);
    }
    for (const [name, found] of lanes) {
      this.label("violated", y + 11, lanes.keys().next().value === name ? "" : "none");
      let first = null;
      for (const [at, until, words] of found) {
        const x0 = this.x(Math.max(at, this.begin));
        const x1 = Math.max(x0 + 3, this.x(Math.min(until, this.end)));
        make(this.body, "rect", { x: x0, y, width: x1 - x0, height: 14, class: "cry" });
        this.hot.push({ x0, x1, y0: y, y1: y + 14, words });
        first = first || { x0, x1 };
      }
      y += 17;
      if (!first) continue;
      const wide = name.length * 7.4;
      const inside = first.x1 - first.x0 > wide + 8;
      const before = !inside && first.x0 - wide - 6 > this.left;
      make(this.body, "text", { x: inside ? first.x0 + 5 : before ? first.x0 - 5 : first.x1 + 5,
        y: y - 6.5, class: inside ? "light bold" : "bold halo",
        "text-anchor": before ? "end" : "start" },
      inside || before ? name : cut(name, (this.right - first.x1) / 7.4));
    }
    return y + (lanes.size ? 3 : 0);
  }

  drawAxis(y) {
    const length = this.end - this.begin, room = Math.max(1, (this.right - this.left) / 84);
    const step = STEPS.find((s) => length / s < room) || length;
    this.ticks = [];
    let end = -9;
    for (let at = Math.ceil(this.begin / step) * step; at <= this.end; at += step) {
      const words = told(at), x = this.x(at), half = words.length * 3.2;
      this.ticks.push(x);
      const middle = Math.min(x, this.right + 6 - half);
      if (middle - half < end + 6) continue;
      make(this.body, "text", { x: middle, y: y + 11, class: "small", "text-anchor": "middle" },
        words);
      end = middle + half;
    }
    return y + TOP;
  }

  label(words, y, class_, indent) {
    if (class_ === "none") return;
    const room = (this.left - 10 - (indent || 0)) / (class_ === "bold" ? 7.2 : 6.3);
    make(this.body, "text", { x: this.left - 8, y, class: class_, "text-anchor": "end" },
      cut(words, room));
  }

  drawRow(row, y, under, over) {
    const named = row.band.colour !== null, height = row.thin ? 11 : 14;
    const headed = named || this.left < 180;
    if (row.first) {
      row.band.top = y;
      y += 4;
      make(over, "text", { x: 6, y: y + 11.5, class: "bold" }, row.band.name);
      if (named) {
        make(over, "rect", { x: 12 + row.band.name.length * 7.3, y: y + 2, width: 10, height: 10,
          class: "node" + row.band.colour % 4 });
      }
      if (headed) y += 17;
    }
    const pitch = height + 4, beside = !headed && row.first ? row.band.name.length * 7.3 + 8 : 0;
    this.label(row.label, y + pitch / 2 + 3.8, row.outlines.length ? "bold" : "", beside);
    row.y0 = y;
    row.y1 = y + pitch;
    row.drawn = this.merged(row.bars);
    for (const bar of row.drawn) this.drawBar(bar, y + 2, height, over);
    for (const [begin, end] of row.outlines) {
      if (end < this.begin || begin > this.end) continue;
      const x0 = this.x(Math.max(begin, this.begin)), x1 = this.x(Math.min(end, this.end));
      make(over, "rect", { x: x0 - 1, y: y + .5, width: Math.max(x1 - x0, 3) + 2,
        height: height + 3, class: "part" });
    }
    y += pitch;
    if (row.last) {
      y += 4;
      make(under, "rect", { x: 0, y: row.band.top, width: this.right + 8, height: y - row.band.top,
        rx: 3, class: "band" });
      y += 6;
    }
    return y;
  }

  drawBar(bar, y, height, over) {
    const wide = Math.max(bar.x1 - bar.x0, 1.5), shape = { x: bar.x0, y, width: wide, height };
    if (bar.style === "good") Object.assign(shape, { y: y + (height - 3) / 2, height: 3 });
    if (bar.style === "gone") {
      Object.assign(shape, { x: bar.x0 + .5, y: y + .5, width: Math.max(wide - 1, .5),
        height: height - 1 });
    }
    const hatched = ["dead", "start", "hung"].includes(bar.style);
    if (hatched) shape.fill = `url(#${this.prefix.slice(0, -1)}-${bar.style})`;
    else shape.class = bar.style;
    make(over, "rect", shape);
    const words = bar.value.length * 6 + 6;
    if (!bar.value || words + 6 > wide || bar.style === "good") return;
    if (hatched) {
      make(over, "rect", { x: bar.x0, y, width: words, height, class: "tint-" + bar.style });
    }
    const ink = bar.style === "gone" ? "small quiet" : ["node0", "off"].includes(bar.style) ?
      "light" : "dark";
    make(over, "text", { x: bar.x0 + 4, y: y + height / 2 + 3.5, class: ink }, bar.value);
  }

  drawGround(under, top, bottom) {
    for (const [at, until] of this.alarms) {
      if (until < this.begin || at > this.end) continue;
      const x0 = this.x(Math.max(at, this.begin)), x1 = this.x(Math.min(until, this.end));
      make(under, "rect", { x: x0, y: top, width: Math.max(x1 - x0, 1), height: bottom - top - 6,
        class: "alarm" });
    }
    const line = (x, name) => make(under, "line", { x1: x, x2: x, y1: top, y2: bottom - 6,
      class: name });
    for (const x of this.ticks) line(x, "grid");
    for (const [at, , , healed] of this.data.marks) {
      if (!healed && at >= this.begin && at <= this.end) line(this.x(at), "fall");
    }
  }

  // The whole run in small, with the part of it that is shown.
  drawStrip(width) {
    const strip = this.strip, whole = this.data.end;
    strip.textContent = "";
    strip.setAttribute("height", 26);
    strip.setAttribute("viewBox", `0 0 ${width} 26`);
    const x = (at) => this.left + at / whole * (this.right - this.left);
    const box = { y: 4, height: 18 };
    make(strip, "text", { x: this.left - 8, y: 17, class: "quiet", "text-anchor": "end" },
      "whole run");
    make(strip, "rect", { x: this.left, width: this.right - this.left, rx: 3, ...box,
      class: "strip-ground" });
    for (const [at, until] of this.data.violations) {
      make(strip, "rect", { x: x(at), width: Math.max(x(until) - x(at), 2), y: 15, height: 5,
        class: "strip-bad" });
    }
    for (const [at, , , healed] of this.data.marks) {
      if (!healed) make(strip, "line", { x1: x(at), x2: x(at), y1: 6, y2: 13, class: "strip-fault" });
    }
    const left = x(this.begin), wide = Math.max(x(this.end) - left, 3);
    for (const name of ["strip-window", "strip-edge"]) {
      make(strip, "rect", { x: left, width: wide, rx: 3, ...box, class: name });
    }
  }

  drawCursor() {
    this.over.textContent = "";
    if (this.cursor === null || this.cursor < this.begin || this.cursor > this.end) return;
    const x = this.x(this.cursor), words = told(this.cursor), wide = words.length * 6.4 + 8;
    make(this.over, "line", { x1: x, x2: x, y1: 0, y2: this.bottom - 6, class: "cursor" });
    const left = clamp(x - wide / 2, 0, this.right - wide + 8);
    make(this.over, "rect", { x: left, y: this.bottom - 13, width: wide, height: 15, rx: 3,
      class: "cursor-flag" });
    make(this.over, "text", { x: left + wide / 2, y: this.bottom - 2, class: "cursor-words",
      "text-anchor": "middle" }, words);
  }
}
