// Say which mistakes and habits ESLint looks for in our scripts. How lines are broken is left to who writes them.
import js from "@eslint/js";
import globals from "globals";

const SCRIPTS = "src/cityatlas/static/js/**/*.js";

export default [
  { ignores: ["**/node_modules/", "**/dist/", ".venv/", "var/", "tests/data/", "tests/bench/"] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-implicit-coercion": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
    },
  },
  {
    files: [SCRIPTS],
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": ["error", {
        selector: "ChainExpression CallExpression > SpreadElement",
        message: "Chromium before 91 reads spread arguments behind ?. wrongly.",
      }, {
        selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/], CallExpression[callee.property.name=insertAdjacentHTML]",
        message: "A text may be hostile: show it by textContent.",
      }],
    },
  },
  { files: ["src/frontend/*.mjs", "tests/js/*.js", "tests/js/*.mjs"], languageOptions: { globals: globals.node } },
  { files: ["src/frontend/bridge.js"], languageOptions: { sourceType: "script", globals: { ...globals.browser, L: "readonly", ICON_FILES: "readonly" } } },
];
