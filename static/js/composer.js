/* The composer's help: preview, canned answers at the cursor, colleagues to mention, pasted files.
   Without it the composer is a plain form (components/_composer.html). */
(function () {
  "use strict";
  var box = document.getElementById("composer-body");
  if (!box) return;
  var form = box.form;
  var $ = function (selector) { return form.querySelector(selector); };

  /* What was written before is gone on with, not written into. */
  if (box.value) box.setSelectionRange(box.value.length, box.value.length);

  function insert(text, from) {
    if (box.hidden) show(false);
    box.focus();
    box.setRangeText(text, from === undefined ? box.selectionStart : from, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* ── Preview: drawn by the server, with the cleaner of the conversation ── */
  var toggle = $("[data-preview]"), place = $("[data-preview-place]");
  function show(isPreview) {
    place.hidden = !isPreview;
    box.hidden = isPreview;
    toggle.setAttribute("aria-pressed", String(isPreview));
    toggle.querySelector("span").textContent = window.inWords(isPreview ? "Write" : "Preview");
    (isPreview ? place : box).focus();
  }
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", function () {
      if (!place.hidden) { show(false); return; }
      var data = new FormData();
      data.set("body", box.value);
      data.set("_page", toggle.dataset.preview);
      data.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
      fetch(toggle.dataset.preview, { method: "POST", body: data, redirect: "manual", credentials: "same-origin" })
        .then(function (answer) { if (!answer.ok) throw new Error(); return answer.text(); })
        /* The server's own cleaned HTML. */
        .then(function (drawn) { place.innerHTML = drawn; show(true); })
        .catch(function () { place.textContent = window.inWords("No preview now. Your words are still here."); show(true); });
    });
    form.addEventListener("change", function (event) { if (event.target.name === "kind" && !place.hidden) show(false); });
    /* A hidden box that is required could not be complained about: it shows before the complaint. */
    box.addEventListener("invalid", function () { if (!place.hidden) show(false); });
  }

  /* ── Canned answers ── */
  var canned = $("[data-canned]");
  if (canned) {
    /* What is drawn may answer an earlier word: Enter then waits for what was typed. */
    var isStale = false, isAwaited = false;
    canned.addEventListener("toggle", function () { isAwaited = false; if (canned.open) canned.querySelector("input").focus(); });
    canned.addEventListener("input", function () { isStale = true; isAwaited = false; });
    canned.addEventListener("htmx:afterSwap", function () {
      var first = canned.querySelector("[data-insert]");
      isStale = false;
      if (isAwaited && first) first.click();
      isAwaited = false;
    });
    canned.addEventListener("click", function (event) {
      var one = event.target.closest("[data-insert]");
      if (!one) return;
      canned.open = false;
      insert(one.dataset.insert);
    });
    canned.addEventListener("keydown", function (event) {
      var all = Array.from(canned.querySelectorAll("[data-insert]")), at = all.indexOf(document.activeElement);
      if (event.key === "Escape") { canned.open = false; canned.querySelector("summary").focus(); }
      else if (event.key === "ArrowDown" && all[at + 1]) { event.preventDefault(); all[at + 1].focus(); }
      else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (all[at - 1] || canned.querySelector("input")).focus(); }
      else if (event.key === "Enter" && isStale && event.target.matches("input")) { event.preventDefault(); isAwaited = true; }
      else if (event.key === "Enter" && at < 0 && event.target.matches("input")) { event.preventDefault(); if (all[0]) all[0].click(); }
    });
    document.addEventListener("click", function (event) { if (!canned.contains(event.target)) canned.open = false; });
  }

  /* ── Mentions: "@" in a note offers the colleagues who see the ticket ── */
  var list = $("[data-colleagues]"), people = null, chosen = 0;
  function isNote() { var note = $(".is-note"); return Boolean(note && note.checked); }
  function begun() {
    var before = box.value.slice(0, box.selectionStart), found = /(?:^|[\s(])@([^@\n]{0,40})$/.exec(before);
    return found && box.selectionStart === box.selectionEnd ? found[1] : null;
  }
  function offer() {
    var typed = list && isNote() ? begun() : null;
    if (typed === null) { close(); return; }
    if (people === null) {
      people = [];
      fetch(list.dataset.colleagues, { credentials: "same-origin", redirect: "manual" })
        .then(function (answer) { return answer.ok ? answer.json() : { people: [] }; })
        .then(function (told) { people = told.people; offer(); })
        .catch(function () { people = null; });
      return;
    }
    var start = typed.toLowerCase();
    var fitting = people.filter(function (one) {
      return one.name.toLowerCase().split(" ").concat(one.name.toLowerCase()).some(function (part) { return part.startsWith(start); }) && one.name.toLowerCase() !== start;
    }).slice(0, 6);
    chosen = 0;
    list.replaceChildren.apply(list, fitting.map(function (one, number) {
      var item = document.createElement("li"), role = document.createElement("span");
      item.id = "mention-" + number;
      item.setAttribute("role", "option");
      item.dataset.name = one.name;
      item.textContent = one.name + " ";
      role.className = "small soft";
      role.textContent = one.role;
      item.append(role);
      return item;
    }));
    list.hidden = !fitting.length;
    mark();
  }
  function mark() {
    Array.from(list.children).forEach(function (item, number) { item.setAttribute("aria-selected", String(number === chosen)); });
    if (list.hidden) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", "mention-" + chosen);
  }
  function close() { if (list && !list.hidden) { list.hidden = true; mark(); } }
  function mention(name) {
    var typed = begun();
    close();
    if (typed !== null) insert("@" + name + " ", box.selectionStart - typed.length - 1);
  }
  if (list) {
    box.setAttribute("aria-controls", list.id);
    box.addEventListener("input", offer);
    // A click on a colleague takes the focus for a moment; typing on keeps the list open.
    box.addEventListener("blur", function () { setTimeout(function () { if (document.activeElement !== box) close(); }, 200); });
    list.addEventListener("mousedown", function (event) {
      var item = event.target.closest("[data-name]");
      if (item) { event.preventDefault(); mention(item.dataset.name); }
    });
    box.addEventListener("keydown", function (event) {
      if (list.hidden || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") { event.stopPropagation(); close(); return; }
      if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); mention(list.children[chosen].dataset.name); return; }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + list.children.length) % list.children.length;
      mark();
    });
  }

  /* ── A picture or file from the clipboard is attached, as one that is dropped ── */
  box.addEventListener("paste", function (event) {
    var files = event.clipboardData ? Array.from(event.clipboardData.files) : [], input = $("input[type=file]");
    /* An office program copies a picture of the words beside the words. */
    if (!files.length || !input || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    var all = new DataTransfer();
    files.forEach(function (file, number) {
      /* Screenshots all come as "image.png". */
      var name = file.name === "image.png" ? "screenshot-" + new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-") + (number || "") + ".png" : file.name;
      all.items.add(new File([file], name, { type: file.type }));
    });
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
