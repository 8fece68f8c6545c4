/* SPDX-License-Identifier: MIT */
/* What a page of tables gains when scripts may run: sorting, searching, a filter by
 * severity, tables that begin short, frames below the events that name them, trees to walk
 * in, and charts. Text gets in through textContent and copies of what is there. */
"use strict";
(() => {
	const FIRST = 200; /* rows shown before somebody asks for more */
	const SLICES = 1000; /* bars that a chart has room for */
	const words = ["info", "warning", "strong", "error", "severe", "critical"];
	const svgNs = "http://www.w3.org/2000/svg";
	const collator = new Intl.Collator("en", { numeric: true });
	const number = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

	function element(name, attributes, ...children) {
		const e = document.createElement(name);
		for (const [key, value] of Object.entries(attributes || {}))
			e.setAttribute(key, value);
		e.append(...children);
		return e;
	}

	function shape(name, attributes, text) {
		const e = document.createElementNS(svgNs, name);
		for (const [key, value] of Object.entries(attributes))
			e.setAttribute(key, value);
		if (text !== undefined)
			e.textContent = text;
		return e;
	}

	const headings = (table) => [...table.tHead.rows[0].cells].map((c) => c.textContent.trim());
	const text = (row, i) => (row.cells[i] ? row.cells[i].textContent.trim() : "");
	const value = (row, i) => {
		const v = parseFloat(text(row, i));
		return Number.isNaN(v) ? 0 : v;
	};

	/* Cells that stand for several rows become one in each, which is as severe: rows are sorted and
	 * hidden alone. */
	function unfold(table) {
		let lead = [], left = 0, severity;
		for (const row of [...table.tBodies[0].rows]) { /* the list itself is made anew after each change */
			if (left-- > 0) {
				row.prepend(...lead.map((cell) => cell.cloneNode(true)));
				if (severity)
					row.dataset.s = severity;
				continue;
			}
			lead = [...row.cells].filter((cell) => cell.rowSpan > 1);
			left = lead.length ? lead[0].rowSpan - 1 : 0;
			severity = row.dataset.s;
			lead.forEach((cell) => cell.removeAttribute("rowspan"));
		}
	}

	/* ---- rows that are shown ------------------------------------------------------------ */

	function View(section) {
		this.tables = [...section.querySelectorAll("table")].map((table) => ({
			table,
			rows: [...table.tBodies[0].rows],
			all: false,
			more: null,
			frames: columnsOf(table, "f"),
			notes: columnsOf(table, "n"),
		}));
		this.words = [];
		this.least = 0;
	}

	View.prototype.matches = function (row) {
		if (Number(row.dataset.s || 0) < this.least)
			return false;
		if (!this.words.length)
			return true;
		const t = row.textContent.toLowerCase();
		return this.words.every((w) => t.includes(w));
	};

	View.prototype.update = function () {
		let matching = 0, all = 0;
		for (const t of this.tables) {
			let shown = 0, here = 0;
			for (const row of t.rows) {
				const match = this.matches(row);
				here += match;
				row.hidden = !match || (!t.all && shown >= FIRST);
				row.toggleAttribute("data-later", match && row.hidden);
				shown += !row.hidden;
				if (!row.hidden)
					dressRow(row, t);
				if (openRows.has(row))
					openRows.get(row).hidden = row.hidden;
			}
			matching += here;
			all += t.rows.length;
			t.more.hidden = here === shown;
			t.more.textContent = "Show all " + number.format(here) + " rows";
		}
		this.count.textContent = matching === all ? number.format(all) + " rows"
			: number.format(matching) + " of " + number.format(all) + " rows";
	};

	View.prototype.sort = function (t, i, heading) {
		const down = heading.getAttribute("aria-sort") === "ascending";
		const numeric = heading.classList.contains("r");
		const keys = new Map(t.rows.map((r) => [r, numeric ? value(r, i) : text(r, i)]));
		const order = numeric ? (a, b) => keys.get(a) - keys.get(b)
			: (a, b) => collator.compare(keys.get(a), keys.get(b));
		for (const h of t.table.tHead.rows[0].cells)
			h.removeAttribute("aria-sort");
		heading.setAttribute("aria-sort", down ? "descending" : "ascending");
		t.rows.sort((a, b) => (down ? order(b, a) : order(a, b)));
		/* One by one: a call has no room for a hundred thousand arguments. */
		const all = document.createDocumentFragment();
		for (const row of t.rows) {
			all.append(row);
			if (openRows.has(row))
				all.append(openRows.get(row));
		}
		t.table.tBodies[0].append(all);
		this.update();
	};

	View.prototype.dress = function (t, name) {
		[...t.table.tHead.rows[0].cells].forEach((heading, i) => {
			const button = element("button", { type: "button" }, heading.textContent);
			heading.replaceChildren(button);
			button.addEventListener("click", () => this.sort(t, i, heading));
		});
		const place = t.table.parentElement;
		t.table.setAttribute("aria-label", name);
		for (const [key, v] of Object.entries({ tabindex: 0, role: "region", "aria-label": name }))
			place.setAttribute(key, v);
		t.more = element("button", { type: "button", class: "more" });
		t.more.addEventListener("click", () => {
			t.all = true;
			this.update();
		});
		place.after(t.more);
	};

	View.prototype.tools = function (name, hasSeverity) {
		const search = element("input", { type: "search", "aria-label": "Search in " + name,
			placeholder: "Search" });
		const box = element("div", { class: "tools", role: "search", "aria-label": name }, search);
		search.addEventListener("input", () => {
			this.words = search.value.toLowerCase().split(/\s+/).filter((w) => w);
			this.update();
		});
		if (hasSeverity) {
			const select = element("select", { "aria-label": "Least severity in " + name });
			words.forEach((w, i) => select.append(
				element("option", { value: i }, i ? w + " and worse" : "all severities")));
			select.addEventListener("change", () => {
				this.least = Number(select.value);
				this.update();
			});
			box.append(select);
		}
		this.count = element("span", { class: "count", role: "status" });
		box.append(this.count);
		return box;
	};

	/* "TCP Retransmit: Connection", by the first row. */
	function titleOf(table, expert) {
		const event = headings(table).indexOf("Event"), row = table.tBodies[0].rows[0];
		const kind = event >= 0 && row ? text(row, event) : "";
		return (kind ? expert + ": " + kind : expert).slice(0, 200);
	}

	/* What leads from the summary to an expert also searches for the kind of event. */
	function dressFindings() {
		for (const link of document.querySelectorAll(".findings a")) {
			const section = document.querySelector(link.getAttribute("href"));
			const search = section && section.querySelector("input");
			const kind = [...link.childNodes].filter((c) => c.nodeType === Node.TEXT_NODE)
				.map((c) => c.textContent).join(" ").replace(/\u2026$/, "").trim();
			if (search)
				link.addEventListener("click", () => {
					search.value = kind;
					search.dispatchEvent(new Event("input"));
				});
		}
	}

	function dressSection(section) {
		const view = new View(section);
		if (!view.tables.length)
			return;
		const name = section.querySelector("h3").firstChild.textContent.trim();
		const severe = section.querySelector("tr[data-s]") !== null;
		view.tables.forEach((t) => view.dress(t, titleOf(t.table, name)));
		view.tables[0].table.parentElement.before(view.tools(name, severe));
		view.update();
	}

	/* ---- frames ------------------------------------------------------------------------- */

	const openRows = new Map(); /* a row, and the one below it that shows a frame */
	let trees = 0;

	function columnsOf(table, name) {
		return [...table.tHead.rows[0].cells].flatMap((c, i) => c.classList.contains(name) ? [i] : []);
	}

	/* The cells of a row that hold nothing but a number. */
	function numbersIn(row, columns) {
		return columns.map((i) => row.cells[i]).filter((cell) => cell && !cell.firstElementChild &&
			/^[0-9]+$/.test(cell.textContent.trim()));
	}

	/* Numbers of frames become buttons and those of notes links, once somebody can see them. */
	function dressRow(row, t) {
		for (const cell of numbersIn(row, t.notes)) {
			const number = cell.textContent.trim();
			cell.replaceChildren(element("a", { href: t.table.id.replace("t", "#n") + "-" + number,
				"aria-label": "Note " + number }, number));
		}
		for (const cell of numbersIn(row, t.frames)) {
			const number = cell.textContent.trim();
			const button = element("button", { type: "button", class: "fr", "aria-expanded": "false",
				"aria-label": "Frame " + number }, number);
			button.addEventListener("click", () => toggleFrame(row, button, number));
			cell.replaceChildren(button);
		}
	}

	function closeFrame(row) {
		openRows.get(row).remove();
		openRows.delete(row);
		for (const b of row.querySelectorAll(".fr")) {
			b.setAttribute("aria-expanded", "false");
			b.removeAttribute("aria-controls");
		}
	}

	function toggleFrame(row, button, number) {
		const open = button.getAttribute("aria-expanded") === "true";
		if (openRows.has(row))
			closeFrame(row);
		if (open)
			return;
		const id = "d" + ++trees;
		const box = element("div", { class: "frame", id, role: "region", "aria-label": "Frame " + number });
		fillFrame(box, row.closest(".capture"), number);
		const columns = row.closest("table").tHead.rows[0].cells.length;
		const below = element("tr", { class: "detail" }, element("td", { colspan: columns }, box));
		row.after(below);
		openRows.set(row, below);
		button.setAttribute("aria-expanded", "true");
		button.setAttribute("aria-controls", id);
	}

	function fillFrame(box, capture, number) {
		const all = capture && capture.querySelector(".frames");
		const kept = all && document.getElementById("f" + all.dataset.capture + "-" + number);
		if (kept) {
			const copy = kept.cloneNode(true);
			box.append(element("p", { class: "title" }, ...copy.querySelector("summary").childNodes));
			copy.querySelector("summary").remove();
			box.append(...copy.childNodes);
			dressFrame(box, number);
			return;
		}
		box.append(element("p", {}, "Frame " + number + " is not in this page."));
		if (all)
			box.lastChild.append(" To see it: ",
				element("code", {}, all.dataset.command + number));
	}

	function dressFrame(box, number) {
		const tree = box.querySelector(".tree"), bytes = box.querySelector(".bytes");
		const dump = bytes && dressBytes(bytes, number);
		if (tree && !tree.hasAttribute("role"))
			dressTree(tree, number, dump || (() => {}));
	}

	/* Sixteen bytes a line; what is returned marks some of them. */
	function dressBytes(pre, number) {
		const hex = pre.firstElementChild ? "" : pre.textContent.trim();
		const n = hex.length / 2, digits = n > 65536 ? 8 : 4;
		const byte = (i) => hex.slice(2 * i, 2 * i + 2);
		const letter = (i) => {
			const v = parseInt(byte(i), 16);
			return v >= 32 && v < 127 ? String.fromCharCode(v) : ".";
		};
		const run = (from, to, what) => {
			let s = "";
			for (let i = from; i < to; i++)
				s += what(i);
			return s;
		};
		/* Before, marked, behind, of a line. */
		const parts = (at, end, from, to, gap, what) => {
			const a = Math.min(Math.max(from, at), end), b = Math.min(Math.max(to, a), end);
			const marked = run(a, b, what).slice(gap.length);
			return [run(at, a, what), ...(marked ? [gap, element("mark", {}, marked)] : []),
				run(b, end, what)];
		};
		const draw = (from, to) => {
			const all = [];
			for (let at = 0; at < n; at += 16) {
				const end = Math.min(at + 16, n);
				all.push(at.toString(16).padStart(digits, "0"), " ",
					...parts(at, end, from, to, " ", (i) => " " + byte(i)),
					" ".repeat(3 * (at + 16 - end) + 3),
					...parts(at, end, from, to, "", letter), "\n");
			}
			pre.replaceChildren(...all);
			const mark = pre.querySelector("mark");
			if (mark)
				pre.scrollTop = Math.max(0, mark.offsetTop - pre.offsetTop - pre.clientHeight / 2);
		};
		pre.setAttribute("tabindex", "0");
		pre.setAttribute("role", "region");
		pre.setAttribute("aria-label", "Bytes of frame " + number);
		pre.classList.add("dump");
		draw(0, 0);
		return draw;
	}

	const items = (tree) => [...tree.querySelectorAll("li")].filter((li) => li.getClientRects().length);

	function expand(li, open) {
		if (!li.hasAttribute("aria-expanded"))
			return;
		li.setAttribute("aria-expanded", open ? "true" : "false");
		li.querySelector("ul").hidden = !open;
	}

	function dressTree(tree, number, mark) {
		const layers = tree.children;
		tree.setAttribute("role", "tree");
		tree.setAttribute("aria-label", "Fields of frame " + number);
		for (const li of tree.querySelectorAll("li")) {
			const below = li.querySelector("ul");
			const label = element("span", { id: "x" + ++trees });
			while (li.firstChild && li.firstChild !== below)
				label.append(li.firstChild);
			li.prepend(label);
			li.setAttribute("role", "treeitem");
			li.setAttribute("aria-labelledby", label.id);
			li.tabIndex = -1;
			if (below) {
				below.setAttribute("role", "group");
				li.setAttribute("aria-expanded", "true");
				expand(li, li.parentElement !== tree || li === layers[layers.length - 1]);
			}
		}
		if (layers.length)
			layers[0].tabIndex = 0;
		tree.addEventListener("keydown", (e) => walk(tree, e));
		tree.addEventListener("focusin", (e) => select(tree, e.target.closest("li"), mark));
		tree.addEventListener("click", (e) => {
			const li = e.target.closest("li");
			if (!li || String(window.getSelection()))
				return;
			expand(li, li.getAttribute("aria-expanded") !== "true");
			li.focus();
		});
	}

	function select(tree, li, mark) {
		if (!li)
			return;
		for (const other of tree.querySelectorAll("[tabindex='0']")) {
			other.tabIndex = -1;
			other.removeAttribute("aria-selected");
		}
		li.tabIndex = 0;
		li.setAttribute("aria-selected", "true");
		const [from, n] = (li.dataset.b || "0-0").split("-").map(Number);
		mark(from, from + n);
	}

	/* The keys of a tree, as its pattern of the W3C has them. */
	function walk(tree, e) {
		const li = e.target.closest("li"), open = li && li.getAttribute("aria-expanded");
		if (!li || e.ctrlKey || e.altKey || e.metaKey)
			return;
		const all = items(tree), at = all.indexOf(li);
		const up = li.parentElement.closest("li");
		const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0],
			End: all[all.length - 1], ArrowRight: open === "true" ? all[at + 1] : null,
			ArrowLeft: open === "true" ? null : up }[e.key];
		if (e.key === "Enter" || e.key === " ")
			expand(li, open !== "true");
		else if (!to && e.key === "ArrowRight")
			expand(li, true);
		else if (!to && e.key === "ArrowLeft")
			expand(li, false);
		else if (to)
			to.focus();
		else if (to === undefined && !["ArrowDown", "ArrowUp"].includes(e.key))
			return;
		e.preventDefault();
	}

	/* Frames in their own section are dressed when they are opened. */
	function dressFrames() {
		for (const frame of document.querySelectorAll("details.frame"))
			frame.addEventListener("toggle", () => dressFrame(frame, frame.id.split("-")[1]),
				{ once: true });
	}

	/* ---- charts ------------------------------------------------------------------------- */

	/* A figure fit to be drawn and added up, whatever an expert made of it. */
	const amount = (row, i) => Math.min(Math.max(value(row, i), 0), 1e300);

	/* Rows of slices: "From (s)", "To (s)", then numbers. The columns that are stacked are
	 * those behind the sum, or all. */
	const sums = ["# of Bytes", "Segments", "Responses"];

	function sliceChart(table, title) {
		const names = headings(table);
		const from = names.findIndex((n) => n.startsWith("From ("));
		if (from < 0 || !(names[from + 1] || "").startsWith("To ("))
			return null;
		const sum = names.findIndex((n, i) => i > from && sums.includes(n));
		const first = sum >= 0 ? sum + 1 : from + 2;
		const columns = names.map((n, i) => ({ n, i }))
			.filter((c) => c.i >= first && c.n !== "Note").slice(0, 9);
		const rows = [...table.tBodies[0].rows];
		if (rows.length > SLICES)
			return null;
		return { title, unit: names[from].replace(/^From \(|\)$/g, ""), rows, columns, from, table };
	}

	/* What is said to those who don't see it: the largest bar, and the sum of each column. */
	function inWords(c, heights) {
		const at = heights.indexOf(Math.max(...heights));
		const sum = (k) => c.rows.reduce((s, r) => s + amount(r, k.i), 0);
		return "Stacked bars. The highest, " + number.format(heights[at]) + ", is from " +
			text(c.rows[at], c.from) + " to " + text(c.rows[at], c.from + 1) + " " + c.unit +
			". In all: " + c.columns.map((k) => k.n + " " + number.format(sum(k))).join(", ") + ".";
	}

	/* A figure, with a way to the table that holds the same. */
	function figure(title, words, table, svg, ...more) {
		svg.setAttribute("role", "img");
		svg.setAttribute("aria-label", title);
		svg.prepend(shape("title", {}, title), shape("desc", {}, words));
		return element("figure", {}, element("figcaption", {}, title, " ",
			element("a", { href: "#" + table.id }, "table")), svg, ...more);
	}

	function stack(c, row, y, x, width) {
		let sum = 0;
		return c.columns.flatMap((k, n) => {
			const v = amount(row, k.i), at = sum;
			if (v <= 0)
				return [];
			sum += v;
			const bar = shape("rect", { class: "c" + Math.min(n, 8), x: x.toFixed(2),
				width: width.toFixed(2), y: y(sum).toFixed(2),
				height: (y(at) - y(sum)).toFixed(2) });
			bar.append(shape("title", {}, k.n + ": " + number.format(v) + ", from " +
				text(row, c.from) + " to " + text(row, c.from + 1) + " " + c.unit));
			return [bar];
		});
	}

	function drawSlices(c) {
		const W = 480, H = 200, LEFT = 56, FOOT = 20, TOP = 8, TICKS = 6;
		const heights = c.rows.map((r) => c.columns.reduce((s, k) => s + amount(r, k.i), 0));
		const most = Math.max(...heights, 1), step = (W - LEFT) / c.rows.length;
		const svg = shape("svg", { viewBox: "0 0 " + W + " " + H });
		const y = (v) => TOP + (H - FOOT - TOP) * (1 - v / most);
		c.rows.forEach((row, i) =>
			svg.append(...stack(c, row, y, LEFT + i * step, Math.max(step - 1, 0.5))));
		svg.append(shape("line", { class: "axis", x1: LEFT, x2: W, y1: H - FOOT, y2: H - FOOT }),
			shape("text", { x: LEFT - 4, y: TOP + 10, "text-anchor": "end" }, short(most)),
			shape("text", { x: LEFT - 4, y: H - FOOT, "text-anchor": "end" }, "0"));
		for (let i = 0; i < c.rows.length; i += Math.ceil(c.rows.length / TICKS))
			svg.append(shape("text", { x: LEFT + i * step, y: H - 5 },
				short(amount(c.rows[i], c.from)) + (i ? "" : " " + c.unit)));
		const key = element("ul", { class: "key" }, ...c.columns.map((k, n) =>
			element("li", {}, element("span", { class: "c" + Math.min(n, 8) }), k.n)));
		return figure(c.title, inWords(c, heights), c.table, svg, key);
	}

	function short(v) {
		const units = ["", " k", " M", " G", " T"];
		let i = 0;
		for (; v >= 1000 && i < 4; i++)
			v /= 1000;
		return number.format(Number(v.toPrecision(3))) + units[i];
	}

	/* Rows with a rank: the first ten of each name, by "# of Bytes". */
	function rankCharts(table, expert) {
		const names = headings(table);
		const rank = names.indexOf("Rank"), bytes = names.indexOf("# of Bytes");
		const who = names.indexOf("Address"), event = names.indexOf("Event");
		if (rank < 0 || bytes < 0 || who < 0)
			return [];
		const groups = new Map();
		for (const row of table.tBodies[0].rows) {
			const name = event < 0 ? expert : text(row, event);
			if (!groups.has(name))
				groups.set(name, []);
			if (text(row, rank) && groups.get(name).length < 10)
				groups.get(name).push([text(row, who), amount(row, bytes)]);
		}
		return [...groups].filter(([, rows]) => rows.length > 1)
			.map(([name, rows]) => drawBars(expert + ": " + name, rows, table));
	}

	function drawBars(title, rows, table) {
		const W = 480, ROW = 19, LEFT = 190, most = Math.max(...rows.map((r) => r[1]), 1);
		const svg = shape("svg", { viewBox: "0 0 " + W + " " + rows.length * ROW });
		rows.forEach(([name, v], i) => {
			const width = (W - LEFT - 60) * v / most;
			svg.append(shape("text", { x: LEFT - 6, y: i * ROW + 13, "text-anchor": "end" },
					name.length > 28 ? name.slice(0, 27) + "\u2026" : name),
				shape("rect", { class: "c0", x: LEFT, y: i * ROW + 3, width: width.toFixed(2),
					height: ROW - 6 }),
				shape("text", { x: LEFT + width + 4, y: i * ROW + 13 }, short(v)));
		});
		return figure(title, "Bars: " + rows.map(([name, v]) => name + " " +
			number.format(v)).join(", ") + ".", table, svg);
	}

	function drawAll() {
		const place = document.getElementById("charts");
		for (const section of document.querySelectorAll("section.expert")) {
			const expert = section.querySelector("h3").firstChild.textContent.trim();
			for (const table of section.querySelectorAll("table")) {
				const slices = sliceChart(table, titleOf(table, expert));
				if (slices && slices.rows.length > 1 && slices.columns.length)
					place.append(drawSlices(slices));
				place.append(...rankCharts(table, expert));
			}
		}
	}

	document.querySelectorAll("section.expert table").forEach(unfold);
	drawAll();
	document.querySelectorAll("section.expert").forEach(dressSection);
	dressFrames();
	dressFindings();
})();
