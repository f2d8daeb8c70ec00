/* Filing: only the questions that fit the chosen product and kind show, and are sent. Without it
   all show, each with what it is for; the server asks those that fit (tickets/_filing_questions.html). */
(function () {
  "use strict";
  var form = document.getElementById("ticket-form"), product = document.getElementById("id_product");
  if (!form) return;

  function chosenKind() {
    var chosen = form.querySelector("[name=kind]:checked");
    return chosen ? chosen.value : "";
  }
  function show() {
    form.querySelectorAll("[data-asked]").forEach(function (asked) {
      var d = asked.dataset, notOf = d.notOf ? d.notOf.split(" ") : [];
      var fits = (!d.product || (product && product.value === d.product)) && notOf.indexOf(chosenKind() || notOf[0]) < 0;
      asked.hidden = !fits;
      asked.querySelectorAll("input, select, textarea").forEach(function (field) { field.disabled = !fits; });
      var of = asked.querySelector(".asked-of");
      if (of) of.hidden = true;
    });
  }
  form.addEventListener("change", show);
  show();
})();
