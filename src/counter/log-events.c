// SPDX-License-Identifier: Apache-2.0
/* What was done, in words for people. */
#include "config.h"

#include "log-words.h"

#include <glib/gi18n.h>
#include <md-base.h>

static const struct
{
  const char *word;
  const char *label;
} events[] = {
  { "login", N_ ("Logging in") },
  { "logout", N_ ("Logging out") },
  { "lock", N_ ("Screen locked") },
  { "password", N_ ("Password set") },
  { "reserve", N_ ("Intake begun") },
  { "abandon", N_ ("Intake given up") },
  { "suspend", N_ ("Intake suspended") },
  { "resume", N_ ("Suspended intake continued") },
  { "erase-draft", N_ ("Suspended intake erased") },
  { "identification", N_ ("Identification") },
  { "delegation", N_ ("Letter of delegation") },
  { "hold", N_ ("Intake stopped") },
  { "release", N_ ("Stopped intake released") },
  { "submit", N_ ("Application taken in") },
  { "replace", N_ ("Returned application taken up again") },
  { "notice", N_ ("Notice of the back office") },
  { "acknowledge", N_ ("Notice settled without a new intake") },
  { "reference", N_ ("Application looked at") },
  { "reveal", N_ ("Hidden value shown") },
  { "decide", N_ ("Decision") },
  { "deliver", N_ ("Sent to the back office") },
  { "park", N_ ("Sending stopped or let go") },
  { "erase", N_ ("Copy erased here") },
  { "clock", N_ ("Clock of the terminal") },
  { "refusal", N_ ("Refused at the screen") },
  { "call", N_ ("Call of a program") },
  { "policy", N_ ("Rules of the office") },
  { "line", N_ ("Line") },
  { "numbers", N_ ("Receipt numbers issued") },
  { "renew", N_ ("This terminal's certificate") },
  { "restored", N_ ("Put back to an older state") },
  { "staff-card", N_ ("Staff card") },
  { "reader-role", N_ ("Use of a card reader") },
  { "card-pin", N_ ("PIN of a resident's card") },
  { "forms", N_ ("Forms") },
  { "settings", N_ ("Settings of the terminal") },
  { "crl", N_ ("Lists of revoked certificates") },
  { "backup", N_ ("Backup made") },
  { "restore", N_ ("Backup put back") },
  { "salvage", N_ ("Damaged database saved") },
  { "medium", N_ ("Offline medium") },
  { "print", N_ ("Printing") },
  { "guide", N_ ("Explained or handed out") },
  { "error", N_ ("Trouble at the window") },
  { "left", N_ ("Something of a person left in the window") },
  { "audit-list", N_ ("Log looked at") },
  { "audit-verify", N_ ("Log checked") },
};

const char *
log_words_event (const char *event)
{
  const int row = MD_TABLE_ROW (events, event);

  return row >= 0 ? _ (events[row].label) : event;
}
