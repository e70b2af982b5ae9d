// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "rows.h"

#include <glib/gi18n.h>

typedef void (*FillFunc) (CounterModel *row, gpointer item);

char *
counter_text_of (gpointer object, const char *property)
{
  g_autofree char *text = NULL;

  g_object_get (object, property, &text, NULL);
  return text != NULL ? g_steal_pointer (&text) : g_strdup ("");
}

char *
counter_text_of_tries (int tries)
{
  if (tries < 0)
    return g_strdup (_ ("Tries left: not known"));
  if (tries == 1)
    return g_strdup (_ ("Only 1 more try"));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%d try left", "%d tries left", (gulong)tries), tries);
}

/* Copies texts: pairs of (property of the row, property of the item), ended by NULL. */
static void
copy_texts (CounterModel *row, gpointer item, const char *const *pairs)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      g_autofree char *text = counter_text_of (item, pairs[i + 1]);
      g_object_set (row, pairs[i], text, NULL);
    }
}

/* --- one item each --- */

static const struct
{
  const char *word;
  const char *state;
} words[] = {
  { "received", "wait" },       { "approved", "ok" },     { "returned", "deferred" },
  { "replaced", "none" },       { "rejected", "stop" },   { "withdrawn", "none" },
  { "given-back", "deferred" }, { "abandoned", "none" },  { "waiting", "wait" },
  { "sending", "wait" },        { "delivered", "ok" },    { "erased", "ok" },
  { "quarantined", "stop" },    { "parked", "deferred" },
};

static const char *
state_of (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i].word) == 0)
      return words[i].state;
  return "none";
}

/* The line below a row, with what is still open about the card's certificate. (transfer full) */
static char *
with_what_is_open (gpointer item, char *below)
{
  g_autofree char *before = below;
  gboolean deferred = FALSE;

  g_object_get (item, "deferred", &deferred, NULL);
  if (!deferred)
    return g_steal_pointer (&before);
  return g_strdup_printf ("%s%s%s", before ? before : "", before && *before ? "  " : "",
                          _ ("Not yet checked for revocation"));
}

/* What every row of an intake begins with. */
static const char *const intake_pairs[] = { "id",    "intake",          "lead", "receipt-number",
                                            "title", "procedure-title", "time", "time",
                                            NULL };

static void
fill_intake (CounterModel *row, gpointer item)
{
  g_autofree char *state = counter_text_of (item, "state");
  g_autofree char *delivery = counter_text_of (item, "delivery");
  g_autofree char *state_label = counter_text_of (item, "state-label");
  g_autofree char *delivery_label = counter_text_of (item, "delivery-label");
  g_autofree char *clerk = counter_text_of (item, "clerk-name");
  g_autofree char *reason = counter_text_of (item, "reason-label");
  g_autofree char *checked = counter_text_of (item, "checked-label");
  const char *more = *checked != '\0' ? checked : reason;
  gboolean decided = g_strcmp0 (state, "approved") == 0 && *delivery_label != '\0';
  g_autofree char *below = with_what_is_open (
      item, *more != '\0' ? g_strdup_printf ("%s  %s", clerk, more) : g_strdup (clerk));

  copy_texts (row, item, intake_pairs);
  g_object_set (row, "subtitle", below, "state", state_of (decided ? delivery : state), "word",
                decided ? delivery_label : state_label, NULL);
}

/* By whom it was looked at, or that it is still open. */
static void
fill_confirmation (CounterModel *row, gpointer item)
{
  g_autofree char *rules = counter_text_of (item, "confirm-label");
  g_autofree char *clerk = counter_text_of (item, "clerk-name");
  g_autofree char *state = counter_text_of (item, "state");
  g_autofree char *label = counter_text_of (item, "state-label");
  g_autofree char *by = counter_text_of (item, "decided-by-name");
  g_autofree char *below = g_strdup_printf (_ ("%s\nTaken in by %s"), rules, clerk);
  gboolean open = g_strcmp0 (state, "received") == 0;
  g_autofree char *word = open          ? g_strdup (_ ("Not confirmed yet"))
                          : *by == '\0' ? g_strdup (label)
                                        : g_strdup_printf (_ ("%s: %s"), label, by);

  copy_texts (row, item, intake_pairs);
  g_object_set (row, "subtitle", below, "state", state_of (state), "word", word, "hidden",
                *rules == '\0', NULL);
}

/* Nothing of the person: what it is about, since when, and how long it stays. */
static void
fill_draft (CounterModel *row, gpointer item)
{
  g_autofree char *clerk = counter_text_of (item, "clerk-name");
  g_autofree char *begun = counter_text_of (item, "begun");
  g_autofree char *until = counter_text_of (item, "kept-until");
  g_autofree char *own = g_strdup_printf (_ ("Begun %s. Kept until %s."), begun, until);
  g_autofree char *other
      = g_strdup_printf (_ ("Begun %s by %s. Kept until %s."), begun, clerk, until);
  static const char *const pairs[] = { "id", "draft", "title", "procedure-title", NULL };

  copy_texts (row, item, pairs);
  g_object_set (row, "subtitle", md_draft_row_get_own (item) ? own : other, "state", "deferred",
                "word", _ ("Suspended"), NULL);
}

static void
fill_queue (CounterModel *row, gpointer item)
{
  static const char *const pairs[]
      = { "id",   "intake",      "lead", "receipt-number", "title", "item-label",
          "word", "state-label", "time", "created",        NULL };
  g_autofree char *next = counter_text_of (item, "next-try");
  g_autofree char *error = counter_text_of (item, "last-error");
  g_autofree char *reason = counter_text_of (item, "reason");
  g_autofree char *state = counter_text_of (item, "state");
  g_autofree char *below = NULL;
  guint attempts = 0;

  g_object_get (item, "attempts", &attempts, NULL);
  /* What is tried again needs no reason but its own; what was put aside has no next try. */
  if (attempts > 0 && *next != '\0')
    {
      g_autofree char *tried
          = g_strdup_printf (_ ("Tried %u times; next try at %s"), attempts, next);

      below = g_strjoin (*reason != '\0' ? "  " : "", tried, reason, NULL);
    }
  else if (*reason != '\0')
    below = g_steal_pointer (&reason);
  else if (*error != '\0')
    below = g_strndup (error, strcspn (error, "\n"));
  below = with_what_is_open (item, below);
  copy_texts (row, item, pairs);
  g_object_set (row, "subtitle", below != NULL ? below : "", "state", state_of (state), NULL);
}

static const char *
check_state (MdCheckState state)
{
  switch (state)
    {
    case MD_CHECK_RUNNING:
      return "wait";
    case MD_CHECK_PASSED:
      return "ok";
    case MD_CHECK_DEFERRED:
      return "deferred";
    case MD_CHECK_REFUSED:
      return "stop";
    case MD_CHECK_WAITING:
    case MD_CHECK_SKIPPED:
    default:
      return "none";
    }
}

static void
fill_check (CounterModel *row, gpointer item)
{
  static const char *const pairs[] = { "id", "id", "title", "title", "subtitle", "detail", NULL };
  MdCheckState state = md_check_get_state (item);
  const char *verdict = md_check_get_verdict (item);
  const char *word = state == MD_CHECK_RUNNING   ? _ ("checking")
                     : state == MD_CHECK_WAITING ? _ ("to do")
                     : state == MD_CHECK_SKIPPED ? _ ("not needed")
                                                 : "";

  copy_texts (row, item, pairs);
  g_object_set (row, "state", check_state (state), "word",
                verdict != NULL && *verdict != '\0' ? verdict : word, NULL);
}

static void
fill_trouble (CounterModel *row, gpointer item)
{
  const char *meaning = md_trouble_get_meaning (item);
  const char *action = md_trouble_get_action (item);
  g_autofree char *below = g_strdup_printf ("%s%s%s", meaning != NULL ? meaning : "",
                                            meaning != NULL && action != NULL ? "\n" : "",
                                            action != NULL ? action : "");

  g_object_set (row, "title", md_trouble_get_title (item), "subtitle", below, "state", "deferred",
                "word", _ ("Attention"), NULL);
}

static void
fill_form (CounterModel *row, gpointer item)
{
  static const char *const pairs[]
      = { "id", "id", "title", "title", "subtitle", "domain-label", NULL };

  copy_texts (row, item, pairs);
}

static void
fill_reason (CounterModel *row, gpointer item)
{
  g_object_set (row, "id", md_reason_get_code (item), "title", md_reason_get_label (item), NULL);
}

static void
fill_comparison (CounterModel *row, gpointer item)
{
  static const char *const pairs[]
      = { "label", "label", "left", "card", "right", "application", "word", "word", NULL };
  MdMatch match = md_comparison_get_match (item);
  md_autowipe char *why = counter_text_of (item, "why");
  md_autowipe char *reason = counter_text_of (item, "reason");
  md_autowipe char *clerk
      = *reason != '\0' ? g_strdup_printf (_ ("The clerk's reason: %s"), reason) : g_strdup ("");
  md_autowipe char *heading
      = g_strconcat (why, *why != '\0' && *clerk != '\0' ? "\n" : "", clerk, NULL);

  copy_texts (row, item, pairs);
  g_object_set (row, "heading", heading, "state",
                match == MD_MATCH_SAME        ? "ok"
                : match == MD_MATCH_DIFFERENT ? "deferred"
                                              : "none",
                NULL);
}

/* The same for the officer, who ticks each difference. */
static void
fill_tick (CounterModel *row, gpointer item)
{
  fill_comparison (row, item);
  g_object_set (
      row, "id", md_comparison_get_field (item), "ticked", md_comparison_get_seen (item), "tick",
      md_comparison_get_match (item) == MD_MATCH_DIFFERENT ? _ ("I have seen this") : "", NULL);
}

static void
fill_look (CounterModel *row, gpointer item)
{
  static const char *const pairs[] = { "label", "label", "heading", "what", "word", "word", NULL };
  const gboolean unseen = md_scan_look_get_closed (item) && !md_scan_look_get_paper (item);

  copy_texts (row, item, pairs);
  g_object_set (row, "id", md_scan_look_get_which (item), "ticked", md_scan_look_get_paper (item),
                "tick", _ ("I looked at the paper itself"), "reveal",
                md_scan_look_get_closed (item) ? "" : "approval.show-scan", "state",
                unseen                         ? "none"
                : md_scan_look_get_done (item) ? "ok"
                                               : "deferred",
                NULL);
}

/* --- whole lists --- */

typedef struct
{
  FillFunc fill;
  GType (*type) (void);
} Mapping;

static void
changed_cb (GObject *item, GParamSpec *pspec, CounterModel *row)
{
  FillFunc *fill = g_object_get_data (G_OBJECT (row), "fill");

  (*fill) (row, item);
}

static gpointer
map_item (gpointer item, gpointer data)
{
  const Mapping *mapping = data;
  CounterModel *row = g_object_new (mapping->type (), NULL);
  FillFunc *fill = g_new (FillFunc, 1);

  *fill = mapping->fill;
  g_object_set_data_full (G_OBJECT (row), "fill", fill, g_free);
  mapping->fill (row, item);
  g_signal_connect_object (item, "notify", G_CALLBACK (changed_cb), row, 0);
  g_object_set_data_full (G_OBJECT (row), "item", item, g_object_unref); /* the map gave it away */
  return row;
}

static GListModel *
map (GListModel *model, FillFunc fill, GType (*type) (void))
{
  Mapping *mapping = g_new0 (Mapping, 1);

  mapping->fill = fill;
  mapping->type = type;
  return G_LIST_MODEL (gtk_map_list_model_new (model != NULL ? g_object_ref (model) : NULL,
                                               map_item, mapping, g_free));
}

GListModel *
counter_rows_of_intakes (GListModel *model)
{
  return map (model, fill_intake, counter_row_item_get_type);
}

GListModel *
counter_rows_of_confirmations (GListModel *model)
{
  return map (model, fill_confirmation, counter_row_item_get_type);
}

GListModel *
counter_rows_of_drafts (GListModel *model)
{
  return map (model, fill_draft, counter_row_item_get_type);
}

GListModel *
counter_rows_of_queue (GListModel *model)
{
  return map (model, fill_queue, counter_row_item_get_type);
}

GListModel *
counter_rows_of_checks (GListModel *model)
{
  return map (model, fill_check, counter_row_item_get_type);
}

GListModel *
counter_rows_of_troubles (GListModel *model)
{
  return map (model, fill_trouble, counter_row_item_get_type);
}

GListModel *
counter_rows_of_forms (GListModel *model)
{
  return map (model, fill_form, counter_row_item_get_type);
}

GListModel *
counter_rows_of_reasons (GListModel *model)
{
  return map (model, fill_reason, counter_row_item_get_type);
}

GListModel *
counter_rows_of_comparison (GListModel *model)
{
  return map (model, fill_comparison, counter_compare_item_get_type);
}

GListModel *
counter_rows_of_ticks (GListModel *model)
{
  return map (model, fill_tick, counter_compare_item_get_type);
}

GListModel *
counter_rows_of_looks (GListModel *model)
{
  return map (model, fill_look, counter_compare_item_get_type);
}

/* --- the read-out --- */

static gboolean
is_spoken (MdEntry *entry)
{
  return md_entry_get_visible (entry) && md_entry_get_filled (entry)
         && md_entry_get_display (entry) != NULL;
}

/* The answer to a declaration, and below it what was agreed to. */
static char *
spoken_text (MdEntry *entry)
{
  const char *text = md_entry_get_declaration (entry);
  const char *display = md_entry_get_display (entry);

  return text != NULL ? g_strdup_printf ("%s\n%s", display, text) : g_strdup (display);
}

static void
read_section (GListStore *store, MdFormSection *section, const char *reveal)
{
  const char *heading = md_form_section_get_title (section);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (section)); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (G_LIST_MODEL (section), i);

      gboolean may;

      if (!is_spoken (entry))
        continue;
      g_object_get (entry, "may-reveal", &may, NULL);
      g_autofree char *text = spoken_text (entry);
      md_autowipe char *external = md_entry_dup_external (entry);
      g_autoptr (CounterModel) line = g_object_new (
          COUNTER_TYPE_COMPARE_ITEM, "heading", heading, "label", md_entry_get_label (entry),
          "right", text, "state", "deferred", "word",
          md_entry_get_corrected (entry) ? _ ("corrected") : "", "id", md_entry_get_id (entry),
          "reveal", may ? reveal : "", "external", external != NULL ? external : "", NULL);
      g_list_store_append (store, line);
      heading = "";
    }
}

static void
read_papers (GListStore *store, GListModel *papers)
{
  const char *heading = _ ("Papers handed in");

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      if (!md_attachment_get_due (paper))
        continue;
      g_autofree char *label = counter_text_of (paper, "label");
      gboolean there = md_attachment_get_handed_in (paper);
      g_autoptr (CounterModel) line
          = g_object_new (COUNTER_TYPE_COMPARE_ITEM, "heading", heading, "label", label, "right",
                          there ? _ ("Received") : _ ("Not received"), NULL);
      g_list_store_append (store, line);
      heading = "";
    }
}

GListModel *
counter_rows_readout (MdFormData *data, const char *reveal)
{
  GListStore *store = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  GListModel *sections = data != NULL ? md_form_data_get_sections (data) : NULL;

  for (guint i = 0; sections != NULL && i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (sections, i);
      read_section (store, section, reveal);
    }
  if (data != NULL)
    read_papers (store, md_form_data_get_attachments (data));
  return G_LIST_MODEL (store);
}

GListModel *
counter_rows_for_resident (MdFormData *data)
{
  g_autoptr (GPtrArray) lines = md_form_data_list_for_resident (data);
  GListStore *store = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  const char *before = NULL;

  for (guint i = 0; i < lines->len; i++)
    {
      const MdFormLine *line = g_ptr_array_index (lines, i);
      const gboolean begins = g_strcmp0 (line->heading, before) != 0;
      g_autoptr (CounterModel) item
          = g_object_new (COUNTER_TYPE_COMPARE_ITEM, "heading", begins ? line->heading : "",
                          "label", line->label, "right", line->value, NULL);

      g_list_store_append (store, item);
      before = line->heading;
    }
  read_papers (store, md_form_data_get_attachments (data));
  return G_LIST_MODEL (store);
}
