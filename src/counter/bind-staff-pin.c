// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-staff-pin.h"

#include "rows.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterModel *model;
  MdStaffPin *pin;
} Binding;

/* --- showing --- */

static void
show_words (Binding *self, const char *mode, const char *headline, const char *advice)
{
  int tries = md_staff_pin_get_tries (self->pin);
  gboolean looking = g_strcmp0 (mode, "looking") == 0;
  g_autofree char *left = looking ? g_strdup ("") : counter_text_of_tries (tries);

  g_object_set (self->model, "mode", mode, "headline", headline, "advice", advice, "tries", left,
                "tries-state", tries > 1 ? "none" : "deferred", NULL);
}

/* The next try may lock it: which PIN, and what follows. */
static void
show_question (Binding *self)
{
  gboolean counted = md_staff_pin_get_tries (self->pin) == 1;

  show_words (self, "question",
              counted ? _ ("Only one try is left for the PIN of your staff card. Are you sure of "
                           "it?")
                      : _ ("The card does not tell how many tries are left for the PIN of your "
                           "staff card. Are you sure of it?"),
              counted ? _ ("After one more wrong PIN it is locked, and the "
                           "administrator of staff cards has to set it again. If in doubt, do not "
                           "go on.")
                      : _ ("It may be the last one: after a wrong PIN it may be locked, and the "
                           "administrator of staff cards would have to set it again. If in doubt, "
                           "do not go on."));
}

/* It can be typed. What was wrong with the look at the card stands above the keys. */
static void
show_ready (Binding *self)
{
  MdTrouble *trouble = md_staff_pin_get_trouble (self->pin);
  gboolean pad = FALSE;

  g_object_get (self->pin, "pad", &pad, NULL);
  if (pad)
    show_words (self, "pad", _ ("The PIN of your staff card is entered on the keys of the reader."),
                _ ("Begin here, then type it on the keys of the reader for the staff card."));
  else
    show_words (self, "", trouble != NULL ? md_trouble_get_title (trouble) : "",
                trouble != NULL ? md_trouble_get_action (trouble) : _ ("It has 6 to 8 digits."));
}

static void
show (Binding *self)
{
  MdTrouble *trouble = md_staff_pin_get_trouble (self->pin);

  switch (md_staff_pin_get_state (self->pin))
    {
    case MD_STAFF_PIN_READY:
      show_ready (self);
      break;
    case MD_STAFF_PIN_DOUBTFUL:
      show_question (self);
      break;
    case MD_STAFF_PIN_LOCKED:
      show_words (self, "locked", md_trouble_get_title (trouble), md_trouble_get_action (trouble));
      break;
    case MD_STAFF_PIN_UNKNOWN:
    case MD_STAFF_PIN_LOOKING:
    default:
      show_words (self, "looking",
                  trouble != NULL ? md_trouble_get_title (trouble)
                                  : _ ("Looking at the staff card."),
                  trouble != NULL ? md_trouble_get_action (trouble) : "");
    }
}

void
counter_staff_pin_set_primary (MdDesk *desk, CounterModel *model, const char *text,
                               const char *pad_action)
{
  MdStaffPin *pin = md_desk_get_staff_pin (desk);
  const char *action = "page.pin-done";
  gboolean pad = FALSE;

  g_object_get (pin, "pad", &pad, NULL);
  switch (md_staff_pin_get_state (pin))
    {
    case MD_STAFF_PIN_READY:
      action = pad ? pad_action : action;
      break;
    case MD_STAFF_PIN_DOUBTFUL:
      text = _ ("I am sure of it");
      action = "staff-pin.confirm";
      break;
    case MD_STAFF_PIN_UNKNOWN:
    case MD_STAFF_PIN_LOOKING:
    case MD_STAFF_PIN_LOCKED:
    default:
      text = "";
    }
  g_object_set (model, "primary-text", text, "primary-action", action, NULL);
}

gboolean
counter_staff_pin_says_all (MdDesk *desk)
{
  return md_staff_pin_get_state (md_desk_get_staff_pin (desk)) == MD_STAFF_PIN_LOCKED;
}

/* --- acts --- */

static void
confirm_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  md_staff_pin_confirm (((Binding *)data)->pin);
}

static void
screen_keys_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  md_staff_pin_use_screen_keys (((Binding *)data)->pin);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_signal_handlers_disconnect_by_data (self->pin, self);
  g_object_unref (self->pin);
  g_object_unref (self->model);
  g_free (self);
}

void
counter_bind_staff_pin (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = {
    { .name = "confirm", .activate = confirm_activated },
    { .name = "screen-keys", .activate = screen_keys_activated },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  self->model = g_object_ref (counter_window_get_models (window)->staff_pin);
  self->pin = g_object_ref (md_desk_get_staff_pin (desk));
  g_object_set_data_full (G_OBJECT (window), "bind-staff-pin", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "staff-pin", G_ACTION_GROUP (actions));
  g_signal_connect_data (self->pin, "notify", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  show (self);
}
