"use strict";
// Reading aloud, once it was asked for: what is newest, then whatever arrives, until it is stopped.

const aloud = (() => {
  const speech = window.speechSynthesis;
  const toggle = document.getElementById("aloud");
  const said = [];   // what may be read, with the place of its button
  let isOn = false;

  // Android names Chinese cmn or zh, with a line or a dash.
  const voice = () => speech.getVoices().find((one) => /^(zh|cmn)/i.test(one.lang) && !/HK|TW|yue/i.test(one.lang));

  function offer() {
    toggle.hidden = !voice();
  }

  // 12356 is dialled figure by figure, and read so.
  function read(text) {
    const spoken = new SpeechSynthesisUtterance(text.replace(NUMBER, (number) => [...number].join(" ")));
    spoken.lang = "zh-CN";
    spoken.voice = voice() || null;
    spoken.rate = 0.9;
    speech.speak(spoken);
  }

  // One answer may be several messages: those since the family's last words.
  function newest() {
    const from = said.map((one) => one.own).lastIndexOf(true) + 1;
    return said.slice(from);
  }

  function turn(on) {
    isOn = on;
    speech.cancel();
    toggle.textContent = on ? words.aloud.stop : words.aloud.start;
    document.body.classList.toggle("aloud", on);
    if (on) newest().forEach((one) => read(one.text));
  }

  function heard(message, element) {
    const own = message.from === "family";
    said.push({ own, text: message.text });
    if (!speech) return;
    if (own) return speech.cancel();
    const again = make("button", "again-aloud", words.aloud.again);
    again.type = "button";
    again.addEventListener("click", () => { speech.cancel(); read(message.text); });
    element.append(again);
    if (isOn && !document.hidden) read(message.text);
  }

  function stop() {
    said.length = 0;
    if (speech) turn(false);
  }

  if (speech) {
    offer();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
    toggle.addEventListener("click", () => turn(!isOn));
    // Nobody looks any more: silence, also when the page was put aside in a hurry.
    document.addEventListener("visibilitychange", () => { if (document.hidden) speech.cancel(); });
    addEventListener("pagehide", () => speech.cancel());
  }
  return { heard, stop };
})();
