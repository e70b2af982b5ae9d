// SPDX-License-Identifier: Apache-2.0
// Rows of lists that come from the service, and reason codes.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-items-private.h"
#include "md-item-private.h"

enum
{
  ROW_INTAKE,
  ROW_NUMBER,
  ROW_PROCEDURE,
  ROW_TITLE,
  ROW_CLERK,
  ROW_CLERK_NAME,
  ROW_STATE,
  ROW_STATE_LABEL,
  ROW_DELIVERY,
  ROW_DELIVERY_LABEL,
  ROW_TIME,
  ROW_REASON,
  ROW_OWN,
  ROW_DEFERRED,
  ROW_CONFIRM,
  ROW_CONFIRMED_BY,
  ROW_CHECKED,
  ROW_NOTICE
};

static const MdItemField row_fields[] = {
  [ROW_INTAKE] = { "intake", MD_ITEM_TEXT },
  [ROW_NUMBER] = { "receipt-number", MD_ITEM_TEXT },
  [ROW_PROCEDURE] = { "procedure", MD_ITEM_TEXT },
  [ROW_TITLE] = { "procedure-title", MD_ITEM_TEXT },
  [ROW_CLERK] = { "clerk", MD_ITEM_TEXT },
  [ROW_CLERK_NAME] = { "clerk-name", MD_ITEM_TEXT },
  [ROW_STATE] = { "state", MD_ITEM_TEXT },
  [ROW_STATE_LABEL] = { "state-label", MD_ITEM_TEXT },
  [ROW_DELIVERY] = { "delivery", MD_ITEM_TEXT },
  [ROW_DELIVERY_LABEL] = { "delivery-label", MD_ITEM_TEXT },
  [ROW_TIME] = { "time", MD_ITEM_TEXT },
  [ROW_REASON] = { "reason-label", MD_ITEM_TEXT },
  [ROW_OWN] = { "own", MD_ITEM_FLAG },
  [ROW_DEFERRED] = { "deferred", MD_ITEM_FLAG },
  [ROW_CONFIRM] = { "confirm-label", MD_ITEM_TEXT },
  [ROW_CONFIRMED_BY] = { "decided-by-name", MD_ITEM_TEXT },
  [ROW_CHECKED] = { "checked-label", MD_ITEM_TEXT },
  [ROW_NOTICE] = { "notice", MD_ITEM_UINT },
};

MD_DEFINE_ITEM (MdIntakeRow, md_intake_row, row_fields)

/* Words of the service and what people read. */
typedef struct
{
  const char *word, *label;
} Label;

static const Label state_labels[] = {
  { "reserved", N_ ("In work") },   { "received", N_ ("Waiting for approval") },
  { "approved", N_ ("Approved") },  { "returned", N_ ("Returned") },
  { "rejected", N_ ("Refused") },   { "withdrawn", N_ ("Withdrawn") },
  { "abandoned", N_ ("Given up") },
};

static const Label delivery_labels[] = {
  { "none", N_ ("Nothing to send") },
  { "waiting", N_ ("Waiting to be sent") },
  { "sending", N_ ("Being sent") },
  { "delivered", N_ ("Delivered") },
  { "erased", N_ ("Delivered, copy erased") },
  { "quarantined", N_ ("Held back: needs attention") },
  { "parked", N_ ("Parked") },
};

static const Label park_reasons[] = {
  { "person-asks", N_ ("the person asks to wait") },
  { "back-office-asks", N_ ("the back office asks to wait") },
  { "in-doubt", N_ ("something about it is in doubt") },
  { "harms-others", N_ ("it hampers the sending of others") },
};

#define LABEL_OF(table, word) label_of (table, G_N_ELEMENTS (table), word)

static const char *
label_of (const Label *labels, guint n, const char *word)
{
  for (guint i = 0; word && i < n; i++)
    if (g_str_equal (labels[i].word, word))
      return gettext (labels[i].label);
  return word;
}

static char *
clock_time (const char *rfc3339, MdTimeStyle style)
{
  gint64 time;

  return rfc3339 && md_time_parse_rfc3339 (rfc3339, &time, NULL)
             ? md_time_format_tokyo (time, style)
             : NULL;
}

static gboolean
lookup_flag (GVariant *dict, const char *key)
{
  gboolean flag = FALSE;

  return g_variant_lookup (dict, key, "b", &flag) && flag;
}

static guint
lookup_count (GVariant *dict, const char *key)
{
  guint count = 0;

  return g_variant_lookup (dict, key, "u", &count) ? count : 0;
}

/* What a second person has to look at, by the rules of the confirmation list; NULL: nothing. Values
 * are sealed, and none is here. */
static char *
confirm_label (GVariant *dict)
{
  const guint differences = lookup_count (dict, "differences");
  g_autofree char *differs
      = differences == 0
            ? NULL
            : g_strdup_printf (
                g_dngettext (GETTEXT_PACKAGE, "%u item of the application is not as on the card",
                             "%u items of the application are not as on the card", differences),
                differences);
  const struct
  {
    gboolean holds;
    const char *text;
  } rules[] = {
    { differences > 0, differs },
    { lookup_flag (dict, "number_blank"),
      md_confirmation_rule_get_label (MD_CONFIRMATION_NUMBER_BLANK) },
    { lookup_flag (dict, "deferred"), md_confirmation_rule_get_label (MD_CONFIRMATION_DEFERRED) },
    { lookup_count (dict, "released") > 0, md_confirmation_rule_get_label (MD_CONFIRMATION_HOLD) },
  };
  g_autoptr (GString) label = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].holds)
      g_string_append_printf (label, "%s%s", label->len > 0 ? "\n" : "", rules[i].text);
  return label->len > 0 ? g_string_free (g_steal_pointer (&label), FALSE) : NULL;
}

/* The word of the service, or what came of it since; LABEL: for people. */
static const char *
find_state (GVariant *dict, const char **out_label)
{
  const char *state = _md_words_lookup (dict, "state");

  if (_md_words_lookup (dict, "replaced_by"))
    {
      *out_label = _ ("Taken up again");
      return "replaced";
    }
  if (lookup_count (dict, "notice") > 0)
    {
      *out_label = _ ("Given back by the back office");
      return "given-back";
    }
  *out_label = LABEL_OF (state_labels, state);
  if (g_strcmp0 (state, "received") == 0 && lookup_count (dict, "officers") > 1)
    *out_label = lookup_count (dict, "agreed") > 0
                     ? _ ("Checked, waiting for approval: 1 of 2 officers")
                     : _ ("Waiting for the check: 0 of 2 officers");
  return state;
}

/* Who checked what waits for the approval of another, and when; NULL: it does not. Caller owns. */
static char *
checked_label (GVariant *dict, MdPolicy *policy, const char *staff)
{
  const char *officer = _md_words_lookup (dict, "checked_by");
  g_autofree char *time = clock_time (_md_words_lookup (dict, "checked"), MD_TIME_STYLE_CLOCK);

  if (!officer || !time || g_strcmp0 (_md_words_lookup (dict, "state"), "received") != 0)
    return NULL;
  return g_strcmp0 (officer, staff) == 0
             ? g_strdup (_ ("Checked by you: another officer approves it"))
             : g_strdup_printf (_ ("Checked by %s, %s"), _md_words_staff_id (policy, officer),
                                time);
}

MdIntakeRow *
_md_intake_row_new (GVariant *dict, MdCatalogue *catalogue, MdPolicy *policy, const char *staff)
{
  MdIntakeRow *self = g_object_new (MD_TYPE_INTAKE_ROW, NULL);
  const char *procedure = _md_words_lookup (dict, "procedure"),
             *clerk = _md_words_lookup (dict, "clerk");
  const char *reason = _md_words_lookup (dict, "reason_code"), *state_label = NULL;
  const char *state = find_state (dict, &state_label);
  const char *delivery = _md_words_lookup (dict, "delivery");
  MdForm *form = procedure ? md_catalogue_get_form (catalogue, procedure) : NULL;
  g_autofree char *time = clock_time (_md_words_lookup (dict, "time"), MD_TIME_STYLE_CLOCK);
  g_autofree char *confirm = confirm_label (dict);
  g_autofree char *checked = checked_label (dict, policy, staff);
  const char *texts[] = {
    [ROW_INTAKE] = _md_words_lookup (dict, "intake"),
    [ROW_NUMBER] = _md_words_lookup (dict, "receipt_number"),
    [ROW_PROCEDURE] = procedure,
    [ROW_TITLE] = form ? md_form_get_title (form) : procedure,
    [ROW_CLERK] = clerk,
    [ROW_CLERK_NAME] = _md_words_staff_id (policy, clerk),
    [ROW_STATE] = state,
    [ROW_STATE_LABEL] = state_label,
    [ROW_DELIVERY] = delivery,
    [ROW_DELIVERY_LABEL] = LABEL_OF (delivery_labels, delivery),
    [ROW_TIME] = time,
    [ROW_REASON] = reason ? _md_reason_label (reason) : NULL,
    [ROW_CONFIRM] = confirm,
    [ROW_CHECKED] = checked,
    [ROW_CONFIRMED_BY] = _md_words_staff_id (policy, _md_words_lookup (dict, "decided_by")),
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (row_fields[i].kind == MD_ITEM_TEXT)
      _md_item_set_text (self, &self->values, row_fields, i, texts[i]);
  _md_item_set_number (self, &self->values, row_fields, ROW_OWN,
                       staff && g_strcmp0 (clerk, staff) == 0);
  _md_item_set_number (self, &self->values, row_fields, ROW_DEFERRED,
                       lookup_flag (dict, "deferred"));
  _md_item_set_number (self, &self->values, row_fields, ROW_NOTICE, lookup_count (dict, "notice"));
  return self;
}

static gboolean
is_same_intake (gpointer row, gpointer fresh)
{
  return g_strcmp0 (md_intake_row_get_intake (row), md_intake_row_get_intake (fresh)) == 0;
}

static void
take_intake (gpointer row, gpointer fresh)
{
  MdIntakeRow *self = row, *from = fresh;

  _md_item_copy (self, &self->values, row_fields, G_N_ELEMENTS (row_fields), &from->values);
}

const MdRowKind _md_intake_row_kind = { is_same_intake, take_intake };

const char *
md_intake_row_get_intake (MdIntakeRow *self)
{
  return self->values.slots[ROW_INTAKE].text;
}

const char *
md_intake_row_get_receipt_number (MdIntakeRow *self)
{
  return self->values.slots[ROW_NUMBER].text;
}

const char *
md_intake_row_get_procedure (MdIntakeRow *self)
{
  return self->values.slots[ROW_PROCEDURE].text;
}

const char *
md_intake_row_get_state (MdIntakeRow *self)
{
  return self->values.slots[ROW_STATE].text;
}

guint
md_intake_row_get_notice (MdIntakeRow *self)
{
  return (guint)self->values.slots[ROW_NOTICE].number;
}

gboolean
md_intake_row_get_own (MdIntakeRow *self)
{
  return self->values.slots[ROW_OWN].number != 0;
}

/* --- queue --- */

enum
{
  QUEUE_INTAKE,
  QUEUE_NUMBER,
  QUEUE_ITEM_LABEL,
  QUEUE_STATE_LABEL,
  QUEUE_ATTEMPTS,
  QUEUE_NEXT_TRY,
  QUEUE_LAST_ERROR,
  QUEUE_REASON,
  QUEUE_CREATED,
  QUEUE_DEFERRED,
  QUEUE_ITEM,
  QUEUE_STATE
};

static const MdItemField queue_fields[] = {
  [QUEUE_INTAKE] = { "intake", MD_ITEM_TEXT },
  [QUEUE_NUMBER] = { "receipt-number", MD_ITEM_TEXT },
  [QUEUE_ITEM_LABEL] = { "item-label", MD_ITEM_TEXT },
  [QUEUE_STATE_LABEL] = { "state-label", MD_ITEM_TEXT },
  [QUEUE_ATTEMPTS] = { "attempts", MD_ITEM_UINT },
  [QUEUE_NEXT_TRY] = { "next-try", MD_ITEM_TEXT },
  [QUEUE_LAST_ERROR] = { "last-error", MD_ITEM_TEXT },
  [QUEUE_REASON] = { "reason", MD_ITEM_TEXT },
  [QUEUE_CREATED] = { "created", MD_ITEM_TEXT },
  [QUEUE_DEFERRED] = { "deferred", MD_ITEM_FLAG },
  [QUEUE_ITEM] = { "item", MD_ITEM_TEXT },
  [QUEUE_STATE] = { "state", MD_ITEM_TEXT },
};

MD_DEFINE_ITEM (MdQueueRow, md_queue_row, queue_fields)

/* By whom, since when and why it does not go; NULL: it does. Caller owns. */
static char *
parked_label (GVariant *dict)
{
  const char *by = _md_words_lookup (dict, "parked_by");
  const char *reason = _md_words_lookup (dict, "parked_reason");
  g_autofree char *since
      = clock_time (_md_words_lookup (dict, "parked"),
                    md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);

  if (!by || !since)
    return NULL;
  return g_strdup_printf (_ ("Parked by %s on %s: %s"), by, since, LABEL_OF (park_reasons, reason));
}

/* Why it does not go, where that is about this item and not about the line; NULL. Caller owns. */
static char *
reason_label (GVariant *dict, const char *parked)
{
  const char *error = _md_words_lookup (dict, "last_error");
  const char *end = error ? strchr (error, '\n') : NULL; /* as md-delivery-run.c writes it */

  if (parked)
    return g_strdup (parked);
  if (lookup_flag (dict, "behind"))
    return g_strdup (_ ("Waits for what comes before it, which is held back"));
  return end ? g_strndup (error, (gsize)(end - error)) : NULL;
}

MdQueueRow *
_md_queue_row_new (GVariant *dict)
{
  MdQueueRow *self = g_object_new (MD_TYPE_QUEUE_ROW, NULL);
  const char *item = _md_words_lookup (dict, "item"), *state = _md_words_lookup (dict, "state");
  gboolean aside = g_strcmp0 (state, "quarantined") == 0 || g_strcmp0 (state, "parked") == 0;
  g_autofree char *next
      = clock_time (_md_words_lookup (dict, "next_try"), MD_TIME_STYLE_CLOCK_FULL);
  g_autofree char *created = clock_time (_md_words_lookup (dict, "created"), MD_TIME_STYLE_CLOCK);
  g_autofree char *parked = parked_label (dict);
  g_autofree char *reason = reason_label (dict, parked);
  guint attempts = 0;
  const char *texts[] = {
    [QUEUE_INTAKE] = _md_words_lookup (dict, "intake"),
    [QUEUE_NUMBER] = _md_words_lookup (dict, "receipt_number"),
    [QUEUE_ITEM_LABEL] = g_strcmp0 (item, "intake") == 0 ? _ ("Application") : _ ("Decision"),
    [QUEUE_STATE_LABEL] = LABEL_OF (delivery_labels, state),
    [QUEUE_ATTEMPTS] = NULL,
    [QUEUE_NEXT_TRY] = aside ? NULL : next,
    [QUEUE_LAST_ERROR] = parked ? parked : _md_words_lookup (dict, "last_error"),
    [QUEUE_REASON] = reason,
    [QUEUE_CREATED] = created,
    [QUEUE_ITEM] = item,
    [QUEUE_STATE] = state,
  };

  (void)g_variant_lookup (dict, "attempts", "u", &attempts);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    _md_item_set_text (self, &self->values, queue_fields, i, texts[i]);
  _md_item_set_number (self, &self->values, queue_fields, QUEUE_ATTEMPTS, attempts);
  _md_item_set_number (self, &self->values, queue_fields, QUEUE_DEFERRED,
                       lookup_flag (dict, "deferred"));
  return self;
}

/* An intake is followed by its decisions: the two together name one. */
static gboolean
is_same_item (gpointer row, gpointer fresh)
{
  const MdItemSlot *one = ((MdQueueRow *)row)->values.slots;
  const MdItemSlot *other = ((MdQueueRow *)fresh)->values.slots;

  return g_strcmp0 (one[QUEUE_INTAKE].text, other[QUEUE_INTAKE].text) == 0
         && g_strcmp0 (one[QUEUE_ITEM].text, other[QUEUE_ITEM].text) == 0;
}

static void
take_item (gpointer row, gpointer fresh)
{
  MdQueueRow *self = row, *from = fresh;

  _md_item_copy (self, &self->values, queue_fields, G_N_ELEMENTS (queue_fields), &from->values);
}

const MdRowKind _md_queue_row_kind = { is_same_item, take_item };

/* --- reasons --- */

enum
{
  REASON_CODE,
  REASON_LABEL
};

static const MdItemField reason_fields[] = {
  [REASON_CODE] = { "code", MD_ITEM_TEXT },
  [REASON_LABEL] = { "label", MD_ITEM_TEXT },
};

MD_DEFINE_ITEM (MdReason, md_reason, reason_fields)

static const Label reveal_reasons[] = {
  { "compare-document", N_ ("To compare it with a document") },
  { "correct-entry", N_ ("To correct what was written") },
  { "ask-person", N_ ("The person asks what is recorded") },
};

static const Label return_reasons[] = {
  { "incomplete", N_ ("Something is missing") },
  { "wrong-entry", N_ ("Something is written wrongly") },
  { "identity-open", N_ ("The identification needs another look") },
  { "paper-missing", N_ ("A paper is missing") },
};

static const Label unfit_reasons[] = {
  { "contents-unfit", N_ ("What was handed in does not fit together") },
};

static const Label unread_reasons[] = {
  { "contents-unreadable", N_ ("No terminal can read what was handed in") },
};

static const Label reject_reasons[] = {
  { "not-eligible", N_ ("The person is not eligible") },
  { "no-authority", N_ ("The filer has no authority") },
  { "duplicate", N_ ("The same application exists already") },
  { "withdrawn-by-person", N_ ("The person does not want it any more") },
};

static const Label withdraw_reasons[] = {
  { "withdrawn-by-person", N_ ("The person does not want it any more") },
  { "duplicate", N_ ("The same application exists already") },
};

static const Label restore_reasons[] = {
  { "mistake", N_ ("It was decided by mistake") },
  { "settled", N_ ("What was missing has been settled") },
};

static const Label return_advice[] = {
  { "incomplete", N_ ("Ask the person for what is missing, and take the application up again.") },
  { "wrong-entry",
    N_ ("Go through the entries with the person, and take the application up again.") },
  { "identity-open",
    N_ ("Ask the person to come with the card; compare face, name and address with it, and take "
        "the application up again.") },
  { "paper-missing",
    N_ ("Ask the person to bring the paper, and take the application up again with it.") },
  { "contents-unfit",
    N_ ("Take the application up again and enter it anew with the person. If it comes back once "
        "more, tell the administrator.") },
  { "contents-unreadable",
    N_ ("Take the application up again at a terminal that the administrator names, and enter it "
        "anew with the person.") },
};

MdReason *
_md_reason_new (const char *code, const char *label)
{
  MdReason *self = g_object_new (MD_TYPE_REASON, NULL);

  _md_item_set_text (self, &self->values, reason_fields, REASON_CODE, code);
  _md_item_set_text (self, &self->values, reason_fields, REASON_LABEL, label);
  return self;
}

static GListModel *
reasons_model (const Label *table, guint n)
{
  GListStore *store = g_list_store_new (MD_TYPE_REASON);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdReason) reason = _md_reason_new (table[i].word, gettext (table[i].label));

      g_list_store_append (store, reason);
    }
  return G_LIST_MODEL (store);
}

GListModel *
_md_reasons_for_reveal (void)
{
  return reasons_model (reveal_reasons, G_N_ELEMENTS (reveal_reasons));
}

GListModel *
_md_reasons_for_return (void)
{
  return reasons_model (return_reasons, G_N_ELEMENTS (return_reasons));
}

GListModel *
_md_reasons_for_unfit (void)
{
  return reasons_model (unfit_reasons, G_N_ELEMENTS (unfit_reasons));
}

GListModel *
_md_reasons_for_unread (void)
{
  return reasons_model (unread_reasons, G_N_ELEMENTS (unread_reasons));
}

GListModel *
_md_reasons_for_reject (void)
{
  return reasons_model (reject_reasons, G_N_ELEMENTS (reject_reasons));
}

GListModel *
_md_reasons_for_withdraw (void)
{
  return reasons_model (withdraw_reasons, G_N_ELEMENTS (withdraw_reasons));
}

GListModel *
_md_reasons_for_restore (void)
{
  return reasons_model (restore_reasons, G_N_ELEMENTS (restore_reasons));
}

const char *
_md_reason_advice (const char *code)
{
  const char *advice = LABEL_OF (return_advice, code);

  return advice == code ? _ ("Ask the officer who returned it what is to be done.") : advice;
}

const char *
_md_reason_label (const char *code)
{
  const char *label = LABEL_OF (return_reasons, code);

  if (label == code)
    label = LABEL_OF (unfit_reasons, code);
  if (label == code)
    label = LABEL_OF (unread_reasons, code);
  if (label == code)
    label = LABEL_OF (reject_reasons, code);
  if (label == code)
    label = LABEL_OF (restore_reasons, code);
  return label == code ? LABEL_OF (reveal_reasons, code) : label;
}

const char *
md_reason_get_code (MdReason *self)
{
  return self->values.slots[REASON_CODE].text;
}

const char *
md_reason_get_label (MdReason *self)
{
  return self->values.slots[REASON_LABEL].text;
}
