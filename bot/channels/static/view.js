"use strict";
// How one message looks. Every word is set as text, never as HTML.

const given = JSON.parse(document.getElementById("given").textContent);
const words = given.words;
const NUMBER = /(?<!\d)(110|119|120|12\d{3})(?!\d)/g;
const DIALLED = ["110", "120", "12356", "12355"];

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function telephone(number) {
  const link = make("a", "", number);
  link.href = "tel:" + number;
  return link;
}

// Three digits may be an amount, so only safety cards make 110 a link; five digits from 12 are always a hotline.
function fillWithNumbers(element, text, every) {
  let from = 0;
  for (const found of text.matchAll(NUMBER)) {
    if (!every && found[0].length < 5) continue;
    element.append(text.slice(from, found.index), telephone(found[0]));
    from = found.index + found[0].length;
  }
  element.append(text.slice(from));
}

function bubble(message) {
  const item = make("li", "message " + (message.safety ? "safety" : message.from));
  if (!message.safety) item.append(make("span", "who", words.from[message.from]));
  const body = make("div", "bubble");
  if (message.from === "family") body.textContent = message.text;
  else fillWithNumbers(body, message.text, Boolean(message.safety));
  item.append(body);
  if (message.turn && message.turn.cards && message.turn.cards.length) item.append(cards(message.turn.cards));
  return item;
}

function safetyHead() {
  const item = make("li", "message safety head");
  const keys = make("div", "dial");
  for (const number of DIALLED) keys.append(telephone(number));
  item.append(make("strong", "", words.from.safety), keys);
  return item;
}

function cards(list) {
  const all = make("div", "cards");
  for (const card of list) {
    const box = make("section", "card " + card.outcome);
    box.append(make("h2", "", card.title));
    box.append(make("span", "badge", card.outcome_text));
    box.append(unfolding(words.card.more, inside(card)));
    all.append(box);
  }
  if (list.some((card) => card.outcome === "eligible" || card.outcome === "ask_local")) {
    const link = make("a", "carry", words.slip);
    link.href = "/slip";
    all.append(link);
  }
  return all;
}

// The message above has said the outcome and the first step; reasons and sources are there for whoever wants them.
function inside(card) {
  const content = make("div");
  if (card.lines && card.lines.length) content.append(bullets(card.lines));
  if (card.next) content.append(make("p", "next", words.card.next + "：" + card.next));
  for (const source of card.sources || []) content.append(make("p", "source", words.card.source + "：" + source.text));
  return content;
}

function bullets(lines) {
  const list = make("ul");
  for (const line of lines) {
    const item = make("li");
    fillWithNumbers(item, String(line), false);
    list.append(item);
  }
  return list;
}

function unfolding(title, content) {
  const box = make("details");
  box.append(make("summary", "", title), content);
  return box;
}
