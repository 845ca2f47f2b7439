/* The page of the empty map in a frame: it draws each view that the page around it sends. */
import { attach, foliumMap } from "../../layers/web/assets/atlas.js";
import { page } from "../../layers/web/assets/page.js";
import { listen, report } from "./bridge.js";
import { compareControl } from "./compare.js";
import { copyControl } from "./copying.js";
import { startToolbar } from "./toolbar.js";
import { drawAreaControl } from "./draw_area.js";
import { drillControl } from "./drill.js";
import { foundControl } from "./found_mark.js";
import { legendControl } from "./legend_filter.js";
import { tableControl } from "./map_table.js";
import { filterChipsControl } from "./filter_chips.js";
import { nothingLeftControl } from "./nothing_left.js";
import { presentationControl } from "./presentation.js";
import { printControl } from "./printing.js";
import { searchControl } from "./search.js";
import { followTheme, themeControl } from "./theme.js";
import { tourControl } from "./tour.js";
import { yearsControl } from "./years.js";

followTheme();
/* In this order the tools stand in the bar. */
startToolbar([themeControl, searchControl, foundControl, drillControl, legendControl, yearsControl,
  filterChipsControl, nothingLeftControl, tourControl, drawAreaControl, tableControl, compareControl, presentationControl,
  copyControl, printControl]);
attach(foliumMap(), report);
listen((view) => page.show(view));
