/** Tables of any length: Python has the rows, the grid asks for those that are seen. */

import {makeNode} from "./dom.js";
import {whenGone} from "./gone.js";
import {isDark, watchTheme} from "./theme.js";

/** How many blocks of rows are kept. */
const MAX_BLOCKS = 20;
/** Scrolling past rows for so long does not load them. */
const DEBOUNCE_MS = 40;

/**
 * Space, size of letters and height of rows of each theme, in px. Rows that come later would else get the height that
 * the grid takes before its style sheet is there. @type {Record<string, [number, number, number]>}
 */
const DENSITIES = {balham: [4, 13, 29], alpine: [6, 14, 36], material: [8, 14, 44]};

/** @type {Record<string, import("./kinds.js").Kind>} */
export const DATATABLE_KINDS = {
  datatable: {
    make: (props, page) => new DataTable(props, page).element,
    change: (element, name, value) => tables.get(element)?.change(name, value),
  },
};

/** @type {WeakMap<Element, DataTable>} */
const tables = new WeakMap();

class DataTable {
  /**
   * @param {any} props
   * @param {any} page
   */
  constructor(props, page) {
    this.props = props;
    this.page = page;
    this.document = page.document;
    /** Rows that came with the table, until they are asked for; not if they have changed before it left. @type {any} */
    this.first = props.changed === undefined ? props.first : null;
    this.total = props.first.total;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    this.stop = new AbortController();
    this.holder = makeNode(this.document, "div", {class: "deskapp-datatable-grid"});
    this.element = makeNode(this.document, "div", {class: "deskapp-datatable"}, this.holder);
    tables.set(this.element, this);
    if (props.theme.endsWith("-dark")) {
      this.element.dataset.theme = "dark";
    }
    if (props.actions.length > 0) {
      this.holder.before(this._actions());
    }
    this.bar = makeNode(this.document, "div", {class: "deskapp-datatable-bar", "aria-live": "polite"});
    if (props.bar) {
      this.element.append(this.bar);
    }
    if (props.height !== "auto") {
      this.holder.style.height = props.height;
    }
    /** The grid; none until the element is in the page: it cannot know there which columns are seen. @type {any} */
    this.api = null;
    queueMicrotask(() => this._begin());
    watchTheme(this.document.defaultView, () => this._dress(), this.stop.signal);
    this._dress();
    whenGone(this.element, page, () => this._end());
  }

  _begin() {
    if (this.api === null && !this.stop.signal.aborted) {
      this.api = this._grid();
    }
  }

  _actions() {
    const bar = makeNode(this.document, "div", {
      class: "deskapp-buttons deskapp-datatable-actions",
      role: "toolbar",
      "aria-label": `Actions on rows of ${this.props.label}`,
    });
    for (const action of this.props.actions) {
      if (action === null) {
        bar.append(makeNode(this.document, "span", {class: "deskapp-datatable-gap"}));
        continue;
      }
      const attributes = {type: "button", class: "deskapp-button deskapp-small", disabled: true};
      const button = /** @type {HTMLButtonElement} */ (makeNode(this.document, "button", attributes, action.label));
      button.addEventListener("click", () => this.page.report(action.on, this._selected()));
      this.buttons.push(button);
      bar.append(button);
    }
    return bar;
  }

  _grid() {
    const {grid} = /** @type {any} */ (this.document.defaultView).deskapp.libraries;
    const {props} = this;
    const [spacing, fontSize, rowHeight] = DENSITIES[props.theme.replace("-dark", "")];
    const theme = grid.themeQuartz.withPart(grid.colorSchemeVariable).withParams({
      spacing,
      fontSize,
      fontFamily: "inherit",
      accentColor: "var(--pico-primary)",
      backgroundColor: "var(--pico-background-color)",
      foregroundColor: "var(--pico-color)",
      textColor: "var(--pico-color)",
      borderColor: "var(--pico-muted-border-color)",
    });
    return grid.createGrid(this.holder, {
      rowModelType: "infinite",
      theme,
      rowHeight,
      styleNonce: this.page.page._nonce,
      themeStyleContainer: this.document.head,
      domLayout: props.height === "auto" ? "autoHeight" : "normal",
      cacheBlockSize: props.block,
      maxBlocksInCache: MAX_BLOCKS,
      maxConcurrentDatasourceRequests: 2,
      blockLoadDebounceMillis: DEBOUNCE_MS,
      infiniteInitialRowCount: Math.max(this.total, 1),
      rowSelection: props.multiple
        ? {mode: "multiRow", headerCheckbox: false, enableClickSelection: true}
        : {mode: "singleRow", checkboxes: false, enableClickSelection: true},
      defaultColDef: {flex: 1, minWidth: 110},
      enableCellTextSelection: true,
      ensureDomOrder: true,
      // Tab leaves: https://www.w3.org/WAI/ARIA/apg/patterns/grid/. Else it would go through all cells of all rows.
      tabToNextCell: () => false,
      tabToNextHeader: () => false,
      focusGridInnerElement: (/** @type {any} */ {api, fromBottom}) => fromBottom && focusSeenCell(api),
      ...props.options,
      columnDefs: this._columns(props.columns),
      getRowId: (/** @type {any} */ {data}) => String(data[0]),
      datasource: {getRows: (/** @type {any} */ params) => this._load(params)},
      onGridReady: (/** @type {any} */ {api}) => api.setGridAriaProperty("label", props.label),
      onSelectionChanged: () => this._selectionChanged(),
      onCellFocused: (/** @type {any} */ focus) => this._showCell(focus),
    });
  }

  /** @param {any[]} columns */
  _columns(columns) {
    return columns.map(({name, number, args}, at) => ({
      headerName: name,
      filter: number ? "agNumberColumnFilter" : "agTextColumnFilter",
      filterParams: {debounceMs: 300, buttons: ["reset"]},
      ...(number ? {type: "rightAligned"} : {}),
      ...args,
      colId: String(at),
      field: undefined,
      cellDataType: false,
      valueGetter: (/** @type {any} */ {data}) => data?.[at + 1],
    }));
  }

  /** @param {any} params What the grid asks for. */
  async _load({startRow, endRow, sortModel, filterModel, successCallback, failCallback}) {
    const question = {
      start: startRow,
      stop: endRow,
      sort: sortModel.map((/** @type {any} */ {colId, sort}) => [Number(colId), sort]),
      filter: filterModel || {},
    };
    let answer = this.first;
    const isPlain = question.sort.length === 0 && Object.keys(question.filter).length === 0;
    if (answer === null || startRow !== 0 || !isPlain) {
      try {
        answer = await this.page.session.consult(this.props.rows, question);
      } catch (error) {
        answer = {error};
      }
    }
    this.first = null;
    if (this.stop.signal.aborted) {
      return;
    }
    if (!answer || answer.error) {
      failCallback();
      return;
    }
    successCallback(answer.rows, answer.total);
    if (answer.total !== this.total) {
      this.total = answer.total;
      this.api.setRowCount(answer.total, true);
    }
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  change(name, value) {
    this.first = null;
    this._begin();
    if (name === "columns") {
      this.api.deselectAll();
      this.api.setGridOption("columnDefs", this._columns(value));
      this.api.purgeInfiniteCache();
    } else if (name === "changed") {
      for (const key of value) {
        this.api.getRowNode(String(key))?.setSelected(false);
      }
      this.api.refreshInfiniteCache();
    }
  }

  /** @returns {number[]} The keys of the rows that are selected. */
  _selected() {
    return this.api.getSelectedRows().map((/** @type {any[]} */ row) => row[0]);
  }

  _selectionChanged() {
    const keys = this._selected();
    for (const button of this.buttons) {
      button.disabled = keys.length === 0;
    }
    if (this.props.select && (keys.length > 0 || this.props.multiple)) {
      this.page.report(this.props.select, keys);
    }
  }

  /** @param {any} focus */
  _showCell({rowIndex, column}) {
    const data = typeof rowIndex === "number" ? this.api.getDisplayedRowAtIndex(rowIndex)?.data : undefined;
    const value = data && column && typeof column !== "string" ? data[Number(column.getColId()) + 1] : null;
    this.bar.textContent = value === null || value === undefined ? "" : String(value);
  }

  _dress() {
    this.holder.dataset.agThemeMode = isDark(this.page.frame) || this.element.dataset.theme ? "dark" : "light";
  }

  _end() {
    this.stop.abort();
    this.api?.destroy();
    this.page.report(this.props.gone, null);
  }
}

/**
 * Who comes from below gets to the rows that are seen, not to the end of all.
 * @param {any} api
 * @returns {boolean} Whether there are any.
 */
function focusSeenCell(api) {
  const row = api.getFirstDisplayedRowIndex();
  const [column] = api.getAllDisplayedColumns();
  if (row < 0 || !column) {
    return false;
  }
  api.setFocusedCell(row, column);
  return true;
}
