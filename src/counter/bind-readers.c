// SPDX-License-Identifier: Apache-2.0
/* The card readers: whom each is for, as it is and as the person at the window chooses it. */
#include "config.h"

#include "bind.h"

#include "settings.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterModel *desk_model;
  CounterModel *login_model;
  MdDesk *desk;
  MdPcsc *pcsc;
  GListStore *rows; /* CounterReaderItem, in the order of the readers */
  gboolean showing; /* what changes in the rows now is not a choice */
} Binding;

typedef enum
{
  USE_NONE,
  USE_RESIDENT,
  USE_STAFF,
  USE_BOTH, /* nobody has said anything, and it is the only one */
} Use;

static const char *const use_words[] = { "none", "resident", "staff", "both" };

/* Whom it serves just now, chosen or standing in. */
static Use
use_of (Binding *self, MdCardReader *reader)
{
  guint use = USE_NONE;

  if (md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_RESIDENT) == reader)
    use |= USE_RESIDENT;
  if (md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF) == reader)
    use |= USE_STAFF;
  return (Use)use;
}

static gboolean
is_fixed (Binding *self, MdCardReader *reader)
{
  const char *name = md_card_reader_get_name (reader);

  return g_strcmp0 (name, md_pcsc_get_fixed (self->pcsc, MD_CARD_ROLE_RESIDENT)) == 0
         || g_strcmp0 (name, md_pcsc_get_fixed (self->pcsc, MD_CARD_ROLE_STAFF)) == 0;
}

static gboolean
all_is_fixed (Binding *self)
{
  return md_pcsc_get_fixed (self->pcsc, MD_CARD_ROLE_RESIDENT) != NULL
         && md_pcsc_get_fixed (self->pcsc, MD_CARD_ROLE_STAFF) != NULL;
}

/* An intake that is being worked on needs its readers as they are. */
static gboolean
is_in_use (Binding *self)
{
  return md_desk_get_state (self->desk) == MD_DESK_WORKING
         && counter_model_flag (self->desk_model, "intake-open");
}

/* What the choice itself does not say. */
static const char *
note_of (Use use, gboolean fixed, gboolean undecided)
{
  static const char *const fixed_notes[]
      = { N_ ("Not in use here"), N_ ("For residents, fixed by the administrator"),
          N_ ("For staff, fixed by the administrator"),
          N_ ("For residents and for staff, fixed by the administrator") };

  if (fixed)
    return _ (fixed_notes[use]);
  if (use == USE_BOTH)
    return _ ("For residents and for staff, since it is the only one");
  return undecided ? _ ("Not decided yet") : "";
}

static void
show_row (Binding *self, guint i, MdCardReader *reader)
{
  g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
  gboolean card = md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
  gboolean fixed = is_fixed (self, reader) || all_is_fixed (self);
  Use use = use_of (self, reader);
  gboolean undecided = use == USE_NONE && md_card_reader_is_free (reader);

  if (!md_card_reader_is_registered (reader))
    {
      g_object_set (row, "note", _ ("It cannot be used at this terminal."), "state", "deferred",
                    "word", _ ("Not registered"), "role", use_words[USE_NONE], "fixed", TRUE,
                    "can-choose", FALSE, NULL);
      return;
    }
  g_object_set (row, "note", note_of (use, fixed, undecided), "state", card ? "ok" : "none", "word",
                card ? _ ("Card on it") : _ ("No card"), "role", undecided ? "" : use_words[use],
                "fixed", fixed, "can-choose", !fixed && !is_in_use (self), NULL);
}

/* How many of them may be used, and the first of these (transfer none), or NULL. */
static guint
count_usable (Binding *self, guint count, MdCardReader **out_first)
{
  guint usable = 0;

  *out_first = NULL;
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->pcsc), i);

      if (md_card_reader_is_registered (reader) && usable++ == 0)
        *out_first = reader;
    }
  return usable;
}

/* What is to be known of all of them. */
static const char *
note_of_all (Binding *self, guint count)
{
  MdCardReader *first = NULL;
  guint usable = count_usable (self, count, &first);

  if (count == 0)
    return _ ("No card reader is connected. One that is plugged in is found by itself.");
  if (usable == 0)
    return _ ("No registered card reader is connected. Connect one, or ask the administrator to "
              "have this one registered.");
  if (all_is_fixed (self))
    return _ ("Which reader is for whom is set by the administrator in the terminal's settings.");
  if (md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_RESIDENT) == NULL
      || md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF) == NULL)
    return _ ("Choose for each reader whom it is for: one for residents, one for the staff card.");
  if (usable == 1 && use_of (self, first) == USE_BOTH)
    return _ ("With one reader only, it serves the staff card and the residents' cards. Taking the "
              "staff card off locks the screen: to read a resident's card at work, connect a "
              "second reader.");
  if (is_in_use (self))
    return _ ("During an intake the readers stay as they are.");
  return _ ("What is chosen holds at once, and is remembered for each reader. Where the staff card "
            "lies on a reader that is changed, the screen locks.");
}

static void role_cb (CounterModel *row, GParamSpec *pspec, Binding *self);

/* One row for each reader, by name. */
static void
match_rows (Binding *self, guint count)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == count;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->pcsc), i);
      g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      const char *name = md_card_reader_get_name (reader);
      CounterModel *made = g_object_new (COUNTER_TYPE_READER_ITEM, "name", name, NULL);

      g_signal_connect (made, "notify::role", G_CALLBACK (role_cb), self);
      g_ptr_array_add (fresh, made);
      same = same && row != NULL && g_str_equal (counter_model_text (row, "name"), name);
    }
  if (!same)
    g_list_store_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                         fresh->pdata, count);
}

/* Whether somebody who cannot log in may help with the readers. */
static gboolean
offers_choice (Binding *self, guint count)
{
  MdCardReader *first = NULL;
  guint usable = count_usable (self, count, &first);

  return md_pcsc_get_fixed (self->pcsc, MD_CARD_ROLE_STAFF) == NULL && usable > 0
         && (usable > 1 || use_of (self, first) != USE_BOTH);
}

/* Once they are shown they stay until somebody has logged in: the choice may have been wrong. */
static void
show_login (Binding *self, guint count)
{
  gboolean offers = offers_choice (self, count);
  gboolean wants = offers && md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF) == NULL;
  gboolean open = wants
                  || (counter_model_flag (self->login_model, "readers-open")
                      && md_desk_get_state (self->desk) != MD_DESK_WORKING);

  g_object_set (self->login_model, "offers-readers", offers, "wants-reader", wants, "readers-open",
                open, NULL);
}

static void
show (Binding *self)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->pcsc));

  self->showing = TRUE;
  match_rows (self, count);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->pcsc), i);

      show_row (self, i, reader);
    }
  self->showing = FALSE;
  g_object_set (self->desk_model, "readers-note", note_of_all (self, count), NULL);
  show_login (self, count);
}

/* Somebody has chosen. It is kept as soon as it holds. */
static void
role_cb (CounterModel *row, GParamSpec *pspec, Binding *self)
{
  const char *word = counter_model_text (row, "role");
  MdCardRole role = MD_CARD_ROLE_NONE;
  guint position = 0;

  if (self->showing || !g_list_store_find (self->rows, row, &position))
    return;
  if (g_str_equal (word, use_words[USE_RESIDENT]))
    role = MD_CARD_ROLE_RESIDENT;
  else if (g_str_equal (word, use_words[USE_STAFF]))
    role = MD_CARD_ROLE_STAFF;
  g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->pcsc), position);
  if (reader != NULL && !is_in_use (self) && md_pcsc_choose_role (self->pcsc, reader, role))
    {
      g_autoptr (GVariant) choices = md_pcsc_get_choices (self->pcsc);

      counter_settings_keep_readers (counter_settings_get (), choices);
      md_desk_record_reader (self->desk, md_card_reader_get_name (reader), role);
    }
  show (self);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_signal_handlers_disconnect_by_data (self->pcsc, self);
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_signal_handlers_disconnect_by_data (self->desk_model, self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      g_signal_handlers_disconnect_by_data (row, self);
    }
  g_object_unref (self->rows);
  g_object_unref (self->desk_model);
  g_object_unref (self->desk);
  g_free (self);
}

void
counter_bind_readers (CounterWindow *window, MdDesk *desk)
{
  static const char *const news[]
      = { "items-changed", "readers-changed", "card-inserted", "card-removed" };
  const CounterModels *models = counter_window_get_models (window);
  Binding *self = g_new0 (Binding, 1);

  self->desk_model = g_object_ref (models->desk);
  self->login_model = models->login;
  self->desk = g_object_ref (desk);
  self->pcsc = md_desk_get_pcsc (desk);
  self->rows = g_list_store_new (COUNTER_TYPE_READER_ITEM);
  g_object_set_data_full (G_OBJECT (window), "bind-readers", self, binding_free);
  g_object_set (models->desk, "readers", self->rows, NULL);
  g_object_set (models->login, "readers", self->rows, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (news); i++)
    g_signal_connect_data (self->pcsc, news[i], G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (models->desk, "notify::intake-open", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
  show (self);
}
