import {
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  ColumnHoverModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  ModuleRegistry,
  NumberFilterModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TextFilterModule,
  colorSchemeDark,
  colorSchemeLight,
  colorSchemeVariable,
  createGrid,
  themeQuartz,
} from "ag-grid-community";

// What is not here is not in the bundle. ValidationModule is 100 kB of advice to developers, TooltipModule and
// PaginationModule are 25 kB each, the editors of cells 90 kB.
ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  ColumnAutoSizeModule,
  ColumnHoverModule,
  EventApiModule,
  InfiniteRowModelModule,
  LocaleModule,
  NumberFilterModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TextFilterModule,
]);

(window.deskapp.libraries ??= {}).grid = {
  colorSchemeDark,
  colorSchemeLight,
  colorSchemeVariable,
  createGrid,
  themeQuartz,
};
