// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "page.h"

#include "act-bar.h"
#include "approval-page.h"
#include "button-list.h"
#include "check-list.h"
#include "compare-list.h"
#include "confirm-step.h"
#include "content-step.h"
#include "done-step.h"
#include "face-entry.h"
#include "face-view.h"
#include "home-page.h"
#include "identify-step.h"
#include "intake-page.h"
#include "key-button.h"
#include "log-page.h"
#include "login-page.h"
#include "papers-step.h"
#include "person-panel.h"
#include "pin-pad.h"
#include "procedure-step.h"
#include "queue-page.h"
#include "rail.h"
#include "reader-list.h"
#include "readout.h"
#include "returned-page.h"
#include "settings-page.h"
#include "state-chip.h"
#include "step-line.h"
#include "top-bar.h"

void
counter_types_ensure (void)
{
  g_type_ensure (COUNTER_TYPE_DESK_MODEL);
  g_type_ensure (COUNTER_TYPE_LOGIN_MODEL);
  g_type_ensure (COUNTER_TYPE_INTAKE_MODEL);
  g_type_ensure (COUNTER_TYPE_APPROVAL_MODEL);
  g_type_ensure (COUNTER_TYPE_RETURNED_MODEL);
  g_type_ensure (COUNTER_TYPE_ROW_ITEM);
  g_type_ensure (COUNTER_TYPE_COMPARE_ITEM);
  g_type_ensure (COUNTER_TYPE_ACT_BAR);
  g_type_ensure (COUNTER_TYPE_APPROVAL_PAGE);
  g_type_ensure (COUNTER_TYPE_BUTTON_LIST);
  g_type_ensure (COUNTER_TYPE_CHECK_LIST);
  g_type_ensure (COUNTER_TYPE_COMPARE_LIST);
  g_type_ensure (COUNTER_TYPE_CONFIRM_STEP);
  g_type_ensure (COUNTER_TYPE_CONTENT_STEP);
  g_type_ensure (COUNTER_TYPE_DONE_STEP);
  g_type_ensure (COUNTER_TYPE_FACE_ENTRY);
  g_type_ensure (COUNTER_TYPE_FACE_VIEW);
  g_type_ensure (COUNTER_TYPE_HOME_PAGE);
  g_type_ensure (COUNTER_TYPE_IDENTIFY_STEP);
  g_type_ensure (COUNTER_TYPE_INTAKE_PAGE);
  g_type_ensure (COUNTER_TYPE_KEY_BUTTON);
  g_type_ensure (COUNTER_TYPE_LOG_PAGE);
  g_type_ensure (COUNTER_TYPE_LOGIN_PAGE);
  g_type_ensure (COUNTER_TYPE_PAPERS_STEP);
  g_type_ensure (COUNTER_TYPE_PERSON_PANEL);
  g_type_ensure (COUNTER_TYPE_PIN_PAD);
  g_type_ensure (COUNTER_TYPE_PROCEDURE_STEP);
  g_type_ensure (COUNTER_TYPE_QUEUE_PAGE);
  g_type_ensure (COUNTER_TYPE_RAIL);
  g_type_ensure (COUNTER_TYPE_READER_ITEM);
  g_type_ensure (COUNTER_TYPE_READER_LIST);
  g_type_ensure (COUNTER_TYPE_READOUT);
  g_type_ensure (COUNTER_TYPE_RETURNED_PAGE);
  g_type_ensure (COUNTER_TYPE_SETTINGS_PAGE);
  g_type_ensure (COUNTER_TYPE_STATE_CHIP);
  g_type_ensure (COUNTER_TYPE_STEP_LINE);
  g_type_ensure (COUNTER_TYPE_TOP_BAR);
}
