// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "help.h"

#include "sheet.h"

#include <glib/gi18n.h>

static const struct
{
  const char *page;
  const char *step;
  const char *title;
  const char *text;
} texts[] = {
  { "login", NULL, N_ ("Logging in"),
    N_ ("Put your staff card on the staff reader and type your password.\n\nTaking the card away "
        "locks "
        "the screen at once; nobody can go on in your name. Your work stays as it is and waits for "
        "you.\n\n"
        "If the password was forgotten or the account is locked, the system administrator of your "
        "section can set it anew.") },
  { "home", NULL, N_ ("Intake"),
    N_ ("Here you see today's intakes at this counter and what waits for somebody.\n\nF2 starts a "
        "new "
        "intake. If the line is down you can go on: what you take in is kept sealed and is sent by "
        "itself when the line is back.") },
  { "intake", "procedure", N_ ("Step 1: Procedure"),
    N_ ("Type a part of the name in kana, kanji or Latin letters, or choose from the "
        "list.\n\nChanging "
        "the procedure later keeps what was typed into fields that both have.") },
  { "intake", "identify", N_ ("Step 2: Identity"),
    N_ ("Explain what the number is used for, put the resident's card on the reader and let the "
        "resident type the PINs.\n\nThe tries left stand beside the keys. After the last wrong try "
        "the "
        "PIN is locked and has to be reset at the My Number card counter.\n\nIf the certificate "
        "cannot be "
        "asked about just now, the check is put off and made up for later; the intake goes on.") },
  { "intake", "content", N_ ("Step 3: Contents"),
    N_ ("What came from the card is marked and locked. If it is not right, press Correct and say "
        "why; "
        "the correction and its reason become part of the application.\n\nThe list at the side "
        "shows "
        "what is still missing and jumps there. Where something keeps you from going on, it says "
        "all of it with the reason; Enter goes to the field, F5 comes back to the list.") },
  { "intake", "confirm", N_ ("Step 4: Confirm"),
    N_ ("Read the application out to the resident. Then sign it with the PIN of your staff "
        "card.\n\n"
        "F7 shows it to the resident, on a second display or on this screen when it is turned; "
        "from there the way back is your password.\n\n"
        "From the moment the receipt number appears, the application cannot be lost.") },
  { "intake", "done", N_ ("Step 5: Done"),
    N_ ("Tell the resident the receipt number and give the card back.\n\nCtrl+P prints the receipt "
        "slip. The printer you chose last is chosen already: press Enter.\n\nNext person empties "
        "the screen.") },
  { "approvals", "two", N_ ("Approval by two officers"),
    N_ ("Two officers have to agree on this application: one checks it, then another approves it. "
        "Both compare everything from the beginning, tick each difference as seen and sign with "
        "their own staff card.\n\nWhoever took it in or checked it cannot approve it. It counts "
        "only once the second officer has approved it; until then it waits in this list. Either "
        "of the two can return it instead.") },
  { "approvals", NULL, N_ ("Approvals"),
    N_ ("Compare what the card said with what the application says; differences come first. "
        "Tick each as seen; only then it can be approved.\n\nYou cannot approve what you took in "
        "yourself. Each decision is signed with your own staff "
        "card.") },
  { "confirmations", NULL, N_ ("Confirmation list"),
    N_ ("Today's intakes of which something has to be confirmed by a second officer: what differs "
        "from the card, a number that is missing, a check that was put off, something that stopped "
        "the intake.\n\nChoose a line to open it for approval; there each difference is ticked. "
        "The printed list leaves room for day and seal.") },
  { "returned", NULL, N_ ("Returned"),
    N_ ("Applications that came back with a reason. Contact the resident and take the application "
        "in "
        "again.") },
  { "draft", NULL, N_ ("Suspended intake"),
    N_ ("What was typed lies here sealed to your staff card, until the time that is shown. Open it "
        "with the PIN of your card. The person shows card or documents again; another person's "
        "card is refused.") },
  { "queue", NULL, N_ ("Sending"),
    N_ ("What has not yet been acknowledged by the back office. Everything here is sealed and is "
        "sent by "
        "itself, in order; nothing needs to be done by hand.") },
  { "log", NULL, N_ ("Log"),
    N_ ("Every act at this terminal, refusals included. Each record carries the fingerprint of the "
        "one "
        "before, so that nothing can be changed unseen; Check the log recomputes them all.") },
  { "settings", NULL, N_ ("Settings"),
    N_ ("Appearance and size of text are yours; they are kept for this terminal.") },
};

void
counter_help_show (GtkWindow *parent, const char *page, const char *step)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (page, texts[i].page) == 0
        && (texts[i].step == NULL || g_strcmp0 (step, texts[i].step) == 0))
      {
        GtkWidget *label = gtk_label_new (_ (texts[i].text));

        gtk_label_set_wrap (GTK_LABEL (label), TRUE);
        gtk_label_set_max_width_chars (GTK_LABEL (label), 46);
        gtk_label_set_xalign (GTK_LABEL (label), 0);
        gtk_widget_add_css_class (label, "para");
        counter_sheet_show (parent, _ (texts[i].title), label);
        return;
      }
}
