deskapp.define("tests.unit.test_export", [], function ($rt) {
"use strict";
var Leaf = $rt.defineClass({
name: "Leaf", module: "tests.unit.test_export", kind: "js", base: $rt.JsComponent,
properties: {
  text: {type: "String", default: "", settable: true, data: null, local: false}
},
actions: {
  fetch: function (url) {
    this.session.fetch_data(url);
    return null;
}
}
});
var Tree = $rt.defineClass({
name: "Tree", module: "tests.unit.test_export", kind: "py", base: $rt.PyComponent,
properties: {
  name: {type: "String", settable: true, data: null, local: false},
  count: {type: "Int", settable: true, data: null, local: false}
}
});
return {Leaf: Leaf, Tree: Tree};
});
