import {
  CellStyleModule, ClientSideRowModelModule, ColumnAutoSizeModule, ColumnHoverModule, InfiniteRowModelModule,
  LocaleModule, ModuleRegistry, NumberFilterModule, RenderApiModule, RowSelectionModule, ScrollApiModule,
  TextFilterModule, colorSchemeDark, colorSchemeLight, colorSchemeVariable, createGrid, themeQuartz,
} from "ag-grid-community";

ModuleRegistry.registerModules([
  CellStyleModule, ClientSideRowModelModule, ColumnAutoSizeModule, ColumnHoverModule, InfiniteRowModelModule,
  LocaleModule, NumberFilterModule, RenderApiModule, RowSelectionModule, ScrollApiModule, TextFilterModule,
]);

(window.deskapp.libraries ??= {}).grid = {
  colorSchemeDark, colorSchemeLight, colorSchemeVariable, createGrid, themeQuartz,
};
