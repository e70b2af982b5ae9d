// SPDX-License-Identifier: Apache-2.0
// Identification by the card's face: what is printed on the card goes to it, its pictures come to
// the screen, the clerk's answer goes into the record.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include <glib/gi18n.h>
#include <md-identity.h>

#define CHANNELS 3

/* --- pictures --- */

typedef struct
{
  gsize size;
  guint8 pixels[];
} Canvas;

static void
canvas_free (gpointer data)
{
  Canvas *canvas = data;

  md_wipe (canvas->pixels, canvas->size);
  g_free (canvas);
}

/* Wiped when the last one who shows it lets go. */
static GdkTexture *
make_texture (MdPicture *picture)
{
  guint width = md_picture_get_width (picture), height = md_picture_get_height (picture);
  const guint8 *grey = md_secret_get_data (md_picture_get_pixels (picture));
  gsize stride = (gsize)width * CHANNELS, size = stride * height;
  Canvas *canvas = g_malloc0 (sizeof *canvas + size);
  g_autoptr (GBytes) bytes = NULL;

  canvas->size = size;
  for (gsize i = 0; i < (gsize)width * height; i++)
    memset (canvas->pixels + i * CHANNELS, grey[i], CHANNELS);
  bytes = g_bytes_new_with_free_func (canvas->pixels, size, canvas_free, canvas);
  return gdk_memory_texture_new ((int)width, (int)height, GDK_MEMORY_R8G8B8, bytes, stride);
}

static void
show_picture (IntakeBinding *self, const char *property, MdCardImage which)
{
  MdPicture *picture = md_intake_get_picture (self->intake, which);
  g_autoptr (GdkTexture) texture = NULL;

  if (picture != NULL && counter_model_object (self->model, property) != NULL)
    return;
  if (picture != NULL)
    texture = make_texture (picture);
  g_object_set (self->model, property, texture, NULL);
}

/* --- what is shown --- */

static void
show_tries (IntakeBinding *self, const char *property, int tries)
{
  g_autofree char *state = g_strconcat (property, "-state", NULL);
  g_autofree char *text = md_card_text_for_tries (tries);

  g_object_set (self->model, property, text, state, tries >= 0 && tries <= 2 ? "deferred" : "none",
                NULL);
}

static void
show_sides (IntakeBinding *self)
{
  int front = -1, back = -1;
  gboolean takes_number = FALSE;

  g_object_get (self->intake, "tries-front", &front, "tries-back", &back, "takes-number",
                &takes_number, NULL);
  g_object_set (self->model, "face-front", front != 0, "face-back", takes_number && back != 0,
                NULL);
  show_tries (self, "face-front-tries", front);
  show_tries (self, "face-back-tries", back);
}

static const char *
stage_of (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);
  gboolean typed = g_strcmp0 (counter_model_text (self->model, "face-stage"), "") != 0;

  if (md_intake_get_step (self->intake) != MD_STEP_OF_IDENTIFY)
    return "";
  if (wait == MD_WAIT_FACE_ENTRY)
    return "entry";
  if (wait == MD_WAIT_FACE)
    return "view";
  /* What was typed stays while the card is asked, for another look when it was wrong. */
  return typed && (wait == MD_WAIT_READING || wait == MD_WAIT_INSPECTING) ? "reading" : "";
}

/* The last try, or what the card may have refused before: named first, then meant. */
static void
show_last_printed (IntakeBinding *self, const char *stage)
{
  if (g_strcmp0 (stage, "entry") == 0 && self->last_printed != 0)
    g_object_set (self->model, "primary-text",
                  self->last_printed >= MD_IDENTIFY_AGAIN (1u)
                      ? _ ("Compared again: send the digits")
                      : _ ("Compared again: use the last try"),
                  NULL);
}

void
counter_intake_show_face (IntakeBinding *self)
{
  const char *stage = stage_of (self);
  g_autofree char *expiry = md_intake_dup_card_expiry (self->intake);

  if (g_strcmp0 (stage, "entry") == 0)
    show_sides (self);
  show_picture (self, "face-photo", MD_CARD_IMAGE_PHOTO);
  show_picture (self, "face-name", MD_CARD_IMAGE_NAME);
  show_picture (self, "face-address", MD_CARD_IMAGE_ADDRESS);
  g_object_set (self->model, "face-expiry", expiry != NULL ? expiry : "", "offers-face",
                md_intake_get_can_use_face (self->intake), "offers-pins",
                md_intake_get_can_use_pin (self->intake), NULL);
  if (g_strcmp0 (stage, "entry") != 0 && g_strcmp0 (stage, "reading") != 0)
    self->last_printed = 0;
  if (g_strcmp0 (counter_model_text (self->model, "face-stage"), stage) != 0)
    g_object_set (self->model, "face-stage", stage, NULL);
  show_last_printed (self, stage);
}

/* --- acts --- */

gboolean
counter_intake_take_printed (IntakeBinding *self, const char *purpose, MdSecret *secret)
{
  MdSecret **place = g_strcmp0 (purpose, "face-front") == 0  ? &self->front
                     : g_strcmp0 (purpose, "face-back") == 0 ? &self->back
                                                             : NULL;

  if (place == NULL)
    return FALSE;
  g_clear_pointer (place, md_secret_unref);
  *place = md_secret_ref (secret);
  return TRUE;
}

/* The same digits open two applications, each with tries of its own: who is sure of them is sure of
 * both. */
static guint
bits_of_side (MdCardPin pin)
{
  if (pin == MD_CARD_PIN_TEXT_A || pin == MD_CARD_PIN_FACE_A)
    return MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_TEXT_A) | MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_FACE_A);
  return MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_TEXT_B) | MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_FACE_B);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GObject) window = data;
  IntakeBinding *self = g_object_get_data (window, "bind-intake");
  g_autoptr (GError) error = NULL;

  (void)md_intake_open_face_finish (MD_INTAKE (source), result, &error);
  if (self == NULL || self->intake != MD_INTAKE (source))
    return;
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_LAST_TRY)
      || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_UNCOUNTED))
    self->last_printed |= bits_of_side (md_card_error_get_pin (error));
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_SENT_BEFORE))
    self->last_printed |= MD_IDENTIFY_AGAIN (bits_of_side (md_card_error_get_pin (error)));
  else
    self->last_printed = 0;
  counter_intake_show_face (self);
}

static void
open_face_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  g_autoptr (MdSecret) front = g_steal_pointer (&self->front);
  g_autoptr (MdSecret) back = g_steal_pointer (&self->back);

  if (self->intake != NULL)
    md_intake_open_face_async (self->intake, front, back, self->last_printed,
                               counter_intake_begin (self), opened_cb, g_object_ref (self->window));
}

static void
use_face_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  counter_intake_forget_pins (self);
  if (self->intake != NULL)
    md_intake_use_face (self->intake, TRUE);
}

void
counter_intake_answer_face (IntakeBinding *self)
{
  MdFaceAnswer answer = MD_FACE_ANSWER_NONE;

  if (md_face_answer_from_string (counter_model_text (self->model, "face-answer"), &answer))
    (void)md_intake_answer_face (self->intake, answer);
}

void
counter_intake_bind_face (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "open-face", .activate = open_face_activated },
    { .name = "use-face", .activate = use_face_activated },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
}
