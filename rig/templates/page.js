// SPDX-License-Identifier: GPL-2.0
// Page - the search of a page of results, and its links to folded areas
"use strict";
const form = document.querySelector("form");
const [word, state] = form.elements;
const areas = [...document.querySelectorAll("details.area")];
const failures = [...document.querySelectorAll("article")];
let rows = null;

// Read the texts only when they are first needed, as there may be thousands.
function read() {
	const pair = (element, name) =>
		[element, `${name} ${element.textContent}`.toLowerCase()];
	rows = areas.map((area) => {
		const name = area.querySelector("summary").textContent;
		const found = [...area.querySelectorAll("tbody tr")];
		return [area, found.map((row) => pair(row, name))];
	});
	failures.forEach((one, number) => {
		failures[number] = pair(one, "");
	});
}

function search() {
	if (!rows)
		read();
	const words = word.value.toLowerCase().split(/\s+/).filter(Boolean);
	const matches = (text) => words.every((one) => text.includes(one));
	const isIdle = !words.length && !state.value;
	let count = 0;
	for (const [area, found] of rows) {
		let hits = 0;
		for (const [row, text] of found) {
			row.hidden = !matches(text) ||
				(state.value && !row.classList.contains(state.value));
			hits += !row.hidden;
		}
		area.hidden = !hits;
		area.open = !isIdle;
		count += hits;
	}
	const wantsFailures = !state.value || state.value === "fail";
	for (const [failure, text] of failures)
		failure.hidden = !wantsFailures || !matches(text);
	form.querySelector("output").textContent = isIdle ? "" :
		`${count.toLocaleString("en")} tests match`;
}

function unfold() {
	const target = document.getElementById(location.hash.slice(1));
	if (target && target.matches("details"))
		target.open = true;
}

form.hidden = false;
form.addEventListener("input", search);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", unfold);
unfold();
