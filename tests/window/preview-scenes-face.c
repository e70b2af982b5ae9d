// SPDX-License-Identifier: Apache-2.0
/* Identification by the card's face: what is printed is typed in, the photograph is compared. The
   pictures are those that tests/world puts on its cards. */
#include "config.h"

#include "preview-scenes.h"

#include "face-entry.h"

#include <md-identity.h>

#define CHANNELS 3
#define MOST_LINES 8

static GdkTexture *
load_picture (const char *name)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests/world/mdworld/faces", name, NULL);
  g_autofree char *data = NULL;
  g_autofree guint8 *pixels = NULL;
  g_autoptr (MdPicture) picture = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0, count;

  if (g_file_get_contents (path, &data, &size, &error))
    picture = md_picture_decode ((const guint8 *)data, size, &error);
  g_assert_no_error (error);
  count = (gsize)md_picture_get_width (picture) * md_picture_get_height (picture);
  pixels = g_malloc (count * CHANNELS);
  for (gsize i = 0; i < count; i++)
    memset (pixels + i * CHANNELS, md_secret_get_data (md_picture_get_pixels (picture))[i],
            CHANNELS);
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), count * CHANNELS);
  return gdk_memory_texture_new ((int)md_picture_get_width (picture),
                                 (int)md_picture_get_height (picture), GDK_MEMORY_R8G8B8, bytes,
                                 (gsize)md_picture_get_width (picture) * CHANNELS);
}

/* The lines to type into below WIDGET, in reading order. */
static void
collect_lines (GtkWidget *widget, GtkEditable **lines, guint *inout_count)
{
  if (GTK_IS_ENTRY (widget) && *inout_count < MOST_LINES)
    lines[(*inout_count)++] = GTK_EDITABLE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_lines (child, lines, inout_count);
}

static GtkWidget *
find_entry (GtkWidget *widget)
{
  GtkWidget *found = COUNTER_IS_FACE_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child);
  return found;
}

static void
type_in (CounterWindow *window, const char *const *texts)
{
  GtkEditable *lines[MOST_LINES];
  guint count = 0;

  collect_lines (find_entry (GTK_WIDGET (window)), lines, &count);
  for (guint i = 0; i < count && texts[i] != NULL; i++)
    gtk_editable_set_text (lines[i], texts[i]);
}

static void
face_entry (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *tries = md_card_text_for_tries (10);

  preview_fill (window, "notice");
  g_object_set (models->intake, "icon", "md-place-card-symbolic", "headline",
                _ ("Type what is printed on the card."), "advice",
                _ ("Read it from the card, and put the card back on the reader before you open it. "
                   "Each line says how it was understood; wrong digits use up a try."),
                "face-stage", "entry", "face-front", TRUE, "face-front-tries", tries,
                "face-front-tries-state", "none", "face-back", TRUE, "face-back-tries", tries,
                "face-back-tries-state", "none", "primary-text", _ ("Open the card's face"),
                "primary-action", "page.pin-done", NULL);
}

/* A year that no card has, a number with a slip in it. */
static void
face_slips (CounterWindow *window, const CounterModels *models)
{
  static const char *const texts[] = { "S55.4.12", "2099", "228", "123456789010", NULL };

  face_entry (window, models);
  g_object_set (models->intake, "offers-pins", TRUE, NULL);
  type_in (window, texts);
}

static void
face_last (CounterWindow *window, const CounterModels *models)
{
  static const char *const texts[] = { "1980-04-12", "2030", "2285", "", NULL };
  g_autofree char *tries = md_card_text_for_tries (1);
  g_autofree char *ways
      = g_strdup_printf (_ ("Ways that this screen offers: %s."), _ ("identity documents"));
  g_autofree char *next = g_strdup_printf (
      "%s\n%s",
      _ ("Compare every digit with the card before the last try. If they are not certain, identify "
         "the person in another way."),
      ways);

  face_entry (window, models);
  type_in (window, texts);
  g_object_set (
      models->intake, "headline", _ ("Only one try is left for the digits printed on the card."),
      "advice", "", "failed", TRUE, "fail-means",
      _ ("They have not been sent to the card. If the next entry is wrong, the card locks them."),
      "fail-next", next, "face-front-tries", tries, "face-front-tries-state", "deferred",
      "face-back", FALSE, "primary-text", _ ("Compared again: use the last try"), NULL);
}

static void
look_at_face (CounterWindow *window, const CounterModels *models, const char *name_file,
              const char *address_file)
{
  g_autoptr (GdkTexture) photo = load_picture ("portrait-3.jp2");
  g_autoptr (GdkTexture) name = load_picture (name_file);
  g_autoptr (GdkTexture) address = load_picture (address_file);

  preview_fill (window, "notice");
  g_object_set (models->intake, "headline", _ ("Compare the photograph with the person."), "advice",
                _ ("Look from the photograph to the person and back, calmly. Compare name and "
                   "address with what the person says. What you answer is recorded with your "
                   "name."),
                "identify-wide", TRUE, "face-stage", "view", "face-photo", photo, "face-name", name,
                "face-address", address, "face-expiry", D_ ("令和12年4月12日", "2030-04-12"),
                "primary-text", _ ("Record the answer"), NULL);
}

static void
face_view (CounterWindow *window, const CounterModels *models)
{
  look_at_face (window, models, "faceauth-name.png", "faceauth-address.png");
}

/* As long as a name and an address get. */
static void
face_long (CounterWindow *window, const CounterModels *models)
{
  look_at_face (window, models, "longname-name.png", "longaddress-address.png");
}

/* A name that the back office cannot write, beside the card's own print of it. */
static void
face_external (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GdkTexture) name = load_picture ("gaiji-name.png");
  const MdCardValues card = { .name = "\xf0\xa0\xae\xb7﨑　髙志" };

  preview_fill (window, "content");
  md_form_data_prefill_card (counter_model_object (models->intake, "form"), &card);
  g_object_set (models->intake, "face-name", name, NULL);
}

static void
press_answer (GtkWidget *widget, const char *label)
{
  if (GTK_IS_TOGGLE_BUTTON (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    press_answer (child, label);
}

static void
face_same (CounterWindow *window, const CounterModels *models)
{
  face_view (window, models);
  press_answer (GTK_WIDGET (window), _ ("The same person"));
}

static void
face_other (CounterWindow *window, const CounterModels *models)
{
  face_view (window, models);
  press_answer (GTK_WIDGET (window), _ ("Not the same person"));
}

static void
face_unsure (CounterWindow *window, const CounterModels *models)
{
  face_view (window, models);
  press_answer (GTK_WIDGET (window), _ ("Cannot tell"));
}

const PreviewScene preview_face_scenes[] = {
  { "face-entry", face_entry },       { "face-slips", face_slips },
  { "face-last", face_last },         { "face-view", face_view },
  { "face-same", face_same },         { "face-other", face_other },
  { "face-unsure", face_unsure },     { "face-long", face_long },
  { "face-external", face_external }, { NULL },
};
