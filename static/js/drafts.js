/* Drafts: what is typed is kept on the server a second after typing stops, and on leaving.
   Found by form[data-draft] (components/_draft.html). What cannot be kept there (no network, signed
   out, newer words of another window) stays in this tab's storage and is offered again. */
(function () {
  "use strict";
  var inWords = window.inWords;
  var PAUSE = 1000, LATELY = 10 * PAUSE, WORDS = { body: 1, subject: 1, description: 1 };
  var $ = function (selector, root) { return root.querySelector(selector); };
  var same = function (one, other) { return JSON.stringify(one) === JSON.stringify(other); };

  function Drafts(form) {
    var known = JSON.parse($("script[type='application/json']", form).textContent);
    var seen = form.elements.namedItem("draft_seen"), line = $("[data-draft-line]", form);
    var notice = $("[data-draft-notice]", form), discard = $("[data-draft-discard]", form);
    var kind = form.dataset.draftKind, stopped = {}, timer = null, isSaving = false, isGone = false, touchedAt = 0;
    var clean = {}, isFiling = form.dataset.draftKind !== "reply" && form.dataset.draftKind !== "answer" && form.dataset.draftKind !== "note";
    /* On Back the browser would put fields back as they were left, after this has read them: a note
       under an answer's name. What was typed is saved by then, and the page drawn anew holds it. */
    if (!isFiling) form.autocomplete = "off";
    var past = [revision(kind)], key = new FormData(form).get("submission_key"), named = "";
    clean[kind] = read();

    /* What the form holds, as the server keeps it: names with lists of values, empty ones left out. */
    function read() {
      var fields = {};
      new FormData(form).forEach(function (value, name) {
        if (typeof value !== "string" || !value.trim() || /^_|^csrf|^draft|_key$|^seen_|^company$|^about$|^uploads$|^samples$/.test(name)) return;
        if (!isFiling && /^(kind|then)$/.test(name)) return;
        (fields[name] = fields[name] || []).push(value);
      });
      return fields;
    }
    function write(fields) {
      Array.from(form.elements).forEach(function (field) {
        if (!field.name || field.type === "hidden" || field.type === "file" || field.type === "submit") return;
        if (!isFiling && field.name !== "body") return;
        var values = fields[field.name] || [];
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else field.value = values[0] || "";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      clean[kind] = read();
    }

    /* ── What the server cannot have stays in this tab, for the same person only ── */
    function place(of) { return "draft:" + form.dataset.draftReader + form.dataset.draft + of; }
    function stash(of, fields) { try { sessionStorage.setItem(place(of), JSON.stringify(fields)); } catch (e) { /* then not */ } }
    function unstash(of) { try { sessionStorage.removeItem(place(of)); } catch (e) { /* nothing there */ } }
    function stashed(of) { try { return JSON.parse(sessionStorage.getItem(place(of))); } catch (e) { return null; } }

    /* A page drawn while words were on their way to the server does not hold them: they are carried
       over to it. It shows a revision that this tab has gone past, or asked for and not been told of;
       newer words are another's. Until the server has answered, the page saves in the name of the one
       whose place it took. */
    function carry() {
      if (isGone || stopped[kind] || Date.now() - touchedAt > LATELY) return;
      try { sessionStorage.setItem(place(kind) + ":carried", JSON.stringify({ at: Date.now(), fields: read(), past: past, key: named || key })); } catch (e) { /* then not */ }
    }
    function carried(of) {
      try {
        var left = JSON.parse(sessionStorage.getItem(place(of) + ":carried"));
        sessionStorage.removeItem(place(of) + ":carried");
        return left && Date.now() - left.at < LATELY && left.past.includes(revision(of)) ? left : null;
      } catch (e) { return null; }
    }

    function revision(of) { return known[of] && known[of].revision || ""; }
    function say(words) {
      $("[data-draft-said]", line).textContent = words;
      discard.hidden = !revision(kind);
      line.hidden = !words;
    }
    function tell(words, choices) {
      $("p", notice).textContent = words;
      $(".line", notice).replaceChildren.apply($(".line", notice), choices.map(function (choice) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-secondary btn-sm";
        button.textContent = choice[0];
        button.addEventListener("click", function () { notice.hidden = true; choice[1](); });
        return button;
      }));
      notice.hidden = false;
    }

    function save(isLeaving) {
      clearTimeout(timer);
      var about = kind, fields = read();
      if (isGone || stopped[about] || same(fields, clean[about])) return;
      if (isSaving && !isLeaving) { plan(); return; }
      var data = new FormData(form), hasFiles = false;
      Array.from(data.entries()).forEach(function (entry) {
        if (typeof entry[1] === "string") return;
        hasFiles = hasFiles || entry[1].size > 0;
        data.delete(entry[0]);
      });
      data.delete("_page");
      data.set("draft", about);
      data.set("draft_seen", revision(about));
      if (named) data.set("submission_key", named);
      if (crypto.randomUUID) {
        data.set("draft_revision", crypto.randomUUID());
        past.push(data.get("draft_revision"));
      }
      isSaving = true;
      fetch(form.dataset.draft, { method: "POST", body: data, redirect: "manual", keepalive: Boolean(isLeaving), credentials: "same-origin" })
        .then(function (answer) {
          if (answer.type === "opaqueredirect" || answer.status === 401) { refuse(about, fields, inWords("Not saved: you are signed out. Send it, then sign in: your words are kept.")); return null; }
          return answer.json().then(function (told) { take(about, fields, answer.status, told, hasFiles); });
        })
        .catch(function () { refuse(about, fields, inWords("Not saved: no connection. Your words stay here.")); })
        .finally(function () { isSaving = false; });
    }
    function refuse(about, fields, words) {
      stash(about, fields);
      if (about !== kind) return;
      say(words);
      timer = setTimeout(save, 10 * PAUSE);
    }
    function take(about, fields, status, told, hasFiles) {
      if (status === 409) { conflict(about, fields, told); return; }
      if (status !== 200) { refuse(about, fields, told.said || inWords("Not saved. Your words stay here.")); return; }
      clean[about] = fields;
      named = "";
      touchedAt = Date.now();
      past.push(told.revision);
      if (told.revision) known[about] = told; else delete known[about];
      if (about !== kind) { unstash(about); return; }
      seen.value = told.revision;
      if (same(read(), fields)) unstash(about); else plan();
      if (!told.revision) say("");
      else say(hasFiles ? inWords("Draft saved %1, without the files", told.at) : inWords("Draft saved %1", told.at));
    }
    function conflict(about, fields, theirs) {
      var mine = about === kind ? read() : fields;
      /* The same words, saved by a page that this one took the place of. */
      if (about === kind && Object.keys(WORDS).every(function (name) { return same(mine[name], theirs.fields[name]); })) {
        know(about, theirs);
        clean[about] = mine;
        say(inWords("Draft saved %1", theirs.at));
        return;
      }
      stopped[about] = theirs;
      stash(about, mine);
      if (about !== kind) return;
      say("");
      tell(inWords("You wrote on this in another window at %1. What stands here is not saved.", theirs.at), [
        [inWords("Keep what stands here"), function () { know(about, theirs); save(); }],
        [inWords("Show the other"), function () {
          know(about, theirs);
          write(theirs.fields);
          say(inWords("Draft saved %1", theirs.at));
          unstash(about);
          tell(inWords("This is the other window’s text."), [[inWords("Back to mine"), function () { write(mine); clean[about] = null; save(); }]]);
        }]
      ]);
    }
    function know(about, theirs) { delete stopped[about]; known[about] = theirs; seen.value = theirs.revision; clean[about] = null; }
    function plan() { clearTimeout(timer); timer = setTimeout(save, PAUSE); }

    /* The answer and the note each have a text of their own: what was meant for colleagues never
       goes to the customer by a slip of the mouse. */
    function change(to) {
      if (to === kind) return;
      save(true);
      var words = read(), other = known[to], saved = clean[to];
      known[kind] = Object.assign({}, known[kind], { fields: words });
      kind = to;
      discard.value = to;
      seen.value = revision(to);
      past.push(revision(to));
      write(other ? other.fields : {});
      /* What was not saved before it was left is still to be saved. */
      if (saved !== undefined) clean[to] = saved;
      notice.hidden = true;
      say(revision(to) ? inWords("Draft saved %1", other.at) : "");
      if (stopped[to]) conflict(to, null, stopped[to]);
      else if (!same(read(), clean[to])) plan();
      else offer();
    }
    /* What this tab could not give to the server before. */
    function offer() {
      var left = stashed(kind);
      if (!left || same(left, read())) return;
      tell(inWords("Words you typed here were not saved."), [
        [inWords("Put them back"), function () { write(left); clean[kind] = null; save(); }],
        [inWords("Forget them"), function () { unstash(kind); }]
      ]);
    }

    form.addEventListener("input", function () { touchedAt = Date.now(); if (stopped[kind]) stash(kind, read()); else plan(); });
    form.addEventListener("change", function (event) {
      if (event.target.name === "kind" && !isFiling) change(event.target.value === "note" ? "note" : "answer");
      else if (event.target.type !== "file") plan();
    });
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented || isGone) return;
      if (event.submitter !== discard) save(true);
      isGone = true;
      clearTimeout(timer);
      unstash(kind);
    });
    form.addEventListener("sending:failed", function () { isGone = false; clean[kind] = null; save(); });
    document.addEventListener("visibilitychange", function () { if (document.hidden) save(true); });
    window.addEventListener("pagehide", function () { save(true); carry(); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) isGone = false; });
    window.addEventListener("online", function () { save(); });

    /* The page may stand on the other side than the one that was left: it knew of no draft there.
       Only words are followed: a side that was left empty, as on Back, is no place to open on. */
    var aside = kind === "note" ? "answer" : "note", brought = carried(kind);
    var side = !isFiling && $("[name=kind][value=" + (aside === "note" ? "note" : "reply") + "]", form);
    if (!brought && side) {
      var left = carried(aside);
      if (left && left.fields.body) { side.click(); brought = left; }
    }
    if (brought && !same(brought.fields, read())) {
      named = brought.key;
      past = brought.past.concat(past);
      write(brought.fields);
      clean[kind] = null;
      save();
    } else {
      offer();
    }
  }

  document.querySelectorAll("form[data-draft]").forEach(function (form) { new Drafts(form); });
})();
