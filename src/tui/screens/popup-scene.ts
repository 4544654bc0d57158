import type { Room } from '../app/room.ts';
import type { Popup } from '../app/popup.ts';
import type { Look } from '../presentation/look.ts';
import { alertsPage } from './alerts-page.ts';
import { digestPage, digestsPage } from './digests-page.ts';
import { confirmDialog, launchDialog, lineDialog, paletteDialog, todosDialog } from './dialogs.ts';
import { buildPage, failuresPage } from './build-page.ts';
import { metricsPage } from './metrics-page.ts';
import { emergenciesPage } from './emergencies-page.ts';
import { diffPage } from './diff-page.ts';
import { gateDialog } from './gate-dialog.ts';
import { gitPage } from './git-page.ts';
import { eventPage, journalPage } from './journal-page.ts';
import { mergePage } from './merge-page.ts';
import { overlapsPage } from './overlaps-page.ts';
import { planPage } from './plan-page.ts';
import { permissionDialog } from './permission-dialog.ts';
import { reasonDialog } from './reason-dialog.ts';
import { taskPage } from './task-page.ts';
import { explainPage, helpPage } from './pages.ts';
import { type PopupContent, type PopupPlace, type PopupScene, bodyColumns, bodyRows, framePopup } from './popup-box.ts';

/** What lies over the room now; null while nothing does. */
export function popupScene(room: Room, look: Look): PopupScene | null {
  const { popup } = room.ui;
  if (!popup) return null;
  const area = { cols: room.ui.cols, rows: Math.max(3, room.ui.rows - 1) };
  const columns = bodyColumns(area, columnsOf(popup));
  const content = contentOf(room, popup, columns, bodyRows(area), look);
  return framePopup(content, columns, area, look, placeOf(popup));
}

function placeOf(popup: Popup): PopupPlace {
  switch (popup.kind) {
    case 'send':
    case 'search':
    case 'reason':
      return 'bottom';
    case 'overlaps':
    case 'git':
    case 'alerts':
    case 'emergencies':
    case 'digests':
    case 'build':
    case 'failures':
    case 'task':
    case 'palette':
    case 'new-agent':
      return 'top';
    default:
      return 'middle';
  }
}

function columnsOf(popup: Popup): number {
  switch (popup.kind) {
    case 'confirm':
      return Math.max(60, popup.question.length + 8);
    case 'log':
      return 160;
    case 'event':
    case 'overlaps':
    case 'emergencies':
    case 'alerts':
    case 'digests':
    case 'digest':
    case 'build':
    case 'failures':
      return 120;
    case 'merge':
    case 'diff':
      // Code wants every column there is.
      return Number.POSITIVE_INFINITY;
    case 'git':
    case 'metrics':
      return 160;
    case 'plan':
      return 180;
    case 'task':
    case 'gate':
    case 'permission':
      return 120;
    default:
      return 96;
  }
}

function contentOf(room: Room, popup: Popup, columns: number, rows: number, look: Look): PopupContent {
  switch (popup.kind) {
    case 'help':
      return helpPage(room, popup.top, columns, look);
    case 'git':
      return gitPage(room, popup, columns, rows, look);
    case 'log':
      return journalPage(room, popup, columns, rows, look);
    case 'event':
      return eventPage(popup, columns, look);
    case 'overlaps':
      return overlapsPage(room, popup, columns, rows, look);
    case 'merge':
      return mergePage(room, popup, columns, rows, look);
    case 'diff':
      return diffPage(room, popup, look);
    case 'explain':
      return explainPage(room, popup.top, columns, look);
    case 'metrics':
      return metricsPage(room, popup, columns, rows, look);
    case 'plan':
      return planPage(room, popup, columns, rows, look);
    case 'task':
      return taskPage(room, popup, columns, rows, look);
    case 'gate':
      return gateDialog(room, popup, columns, look);
    case 'permission':
      return permissionDialog(room, popup, columns, look);
    case 'reason':
      return reasonDialog(popup, columns, look);
    case 'build':
      return buildPage(room, popup, columns, rows, look);
    case 'failures':
      return failuresPage(room, popup, columns, rows, look);
    case 'alerts':
      return alertsPage(room, popup, columns, rows, look);
    case 'digests':
      return digestsPage(room, popup, columns, rows, look);
    case 'digest':
      return digestPage(room, popup, columns, look);
    case 'emergencies':
      return emergenciesPage(room, popup, columns, rows, look);
    case 'todos':
      return todosDialog(room, popup, columns, rows, look);
    case 'palette':
      return paletteDialog(room, popup, columns, rows, look);
    case 'new-agent':
      return launchDialog(room, popup, columns, rows, look);
    case 'send':
    case 'search':
      return lineDialog(room, popup, columns, look);
    case 'confirm':
      return confirmDialog(popup, columns, look);
  }
}
