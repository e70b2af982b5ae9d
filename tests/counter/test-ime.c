// SPDX-License-Identifier: Apache-2.0
/* A field while an input method composes: nothing of what is open is read, converted or moved away
 * from, and all of it is when it is committed. The input method is a module of GTK's own kind that
 * this program registers, chosen as any other (GTK_IM_MODULE); keys come through the X server. */
#include <gtk/gtk.h>
#include <gtk/gtkimmodule.h>

#include "field-row.h"
#include "models.h"
#include "settings.h"
#include "window.h"

#include "../await.h"
#include "../bench/bench-form.h"

#define IM_ID "madoguchi-test"

/* --- the input method --- */

typedef struct
{
  GtkIMContext parent_instance;
  GString *preedit;
} TestIm;

typedef struct
{
  GtkIMContextClass parent_class;
} TestImClass;

static TestIm *focused; /* that of the field with the focus */
static guint resets;    /* how often a field threw away what was open */

GType test_im_get_type (void);
G_DEFINE_TYPE (TestIm, test_im, GTK_TYPE_IM_CONTEXT)

static void
show (TestIm *self)
{
  g_signal_emit_by_name (self, "preedit-changed");
}

static void
test_im_commit (TestIm *self)
{
  g_autofree char *text = g_strdup (self->preedit->str);

  g_string_truncate (self->preedit, 0);
  show (self);
  g_signal_emit_by_name (self, "preedit-end");
  g_signal_emit_by_name (self, "commit", text);
}

/* Letters compose; while something is open every key is the method's, as with any Japanese one. */
static gboolean
test_im_filter (GtkIMContext *context, GdkEvent *event)
{
  TestIm *self = (TestIm *)context;
  static const struct
  {
    guint key;
    const char *kana;
  } letters[] = { { GDK_KEY_k, "か" }, { GDK_KEY_s, "さ" }, { GDK_KEY_n, "な" } };
  const guint key = gdk_key_event_get_keyval (event);

  if (gdk_event_get_event_type (event) != GDK_KEY_PRESS)
    return self->preedit->len > 0;
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].key == key)
      {
        if (self->preedit->len == 0)
          g_signal_emit_by_name (self, "preedit-start");
        g_string_append (self->preedit, letters[i].kana);
        show (self);
        return TRUE;
      }
  if (self->preedit->len == 0)
    return FALSE;
  if (key == GDK_KEY_Return)
    test_im_commit (self);
  return TRUE;
}

static void
test_im_get_preedit (GtkIMContext *context, char **text, PangoAttrList **attributes, int *cursor)
{
  TestIm *self = (TestIm *)context;

  if (text != NULL)
    *text = g_strdup (self->preedit->str);
  if (attributes != NULL)
    *attributes = pango_attr_list_new ();
  if (cursor != NULL)
    *cursor = (int)g_utf8_strlen (self->preedit->str, -1);
}

static void
test_im_focus_in (GtkIMContext *context)
{
  focused = (TestIm *)context;
}

/* What is open stays so while another window has the keys, as with ibus and fcitx. */
static void
test_im_reset (GtkIMContext *context)
{
  TestIm *self = (TestIm *)context;

  if (self->preedit->len == 0)
    return;
  resets++;
  g_string_truncate (self->preedit, 0);
  show (self);
}

static void
test_im_finalize (GObject *object)
{
  TestIm *self = (TestIm *)object;

  if (focused == self)
    focused = NULL;
  g_string_free (self->preedit, TRUE);
  G_OBJECT_CLASS (test_im_parent_class)->finalize (object);
}

static void
test_im_class_init (TestImClass *klass)
{
  GtkIMContextClass *context = GTK_IM_CONTEXT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_im_finalize;
  context->filter_keypress = test_im_filter;
  context->get_preedit_string = test_im_get_preedit;
  context->focus_in = test_im_focus_in;
  context->reset = test_im_reset;
}

static void
test_im_init (TestIm *self)
{
  self->preedit = g_string_new (NULL);
}

/* --- the window --- */

static CounterWindow *window;
static MdFormData *data;

static GtkWidget *
find_row (GtkWidget *widget, const char *id)
{
  GtkWidget *found = NULL;

  if (COUNTER_IS_FIELD_ROW (widget)
      && g_strcmp0 (md_entry_get_id (counter_field_row_get_entry (COUNTER_FIELD_ROW (widget))), id)
             == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, id);
  return found;
}

static GtkWidget *
row_of (const char *id)
{
  GtkWidget *row = find_row (GTK_WIDGET (window), id);

  g_assert_nonnull (row);
  return row;
}

static gboolean
is_shown (const char *id)
{
  GtkWidget *row = find_row (GTK_WIDGET (window), id);

  return row != NULL && gtk_widget_get_mapped (row);
}

static MdEntry *
entry_of (const char *id)
{
  return md_form_data_get_entry (data, id);
}

static gboolean
has_focus (const char *id)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  return focus != NULL && gtk_widget_is_ancestor (focus, row_of (id));
}

/* In one of the form that is open now. */
static gboolean
is_in_field (void)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, COUNTER_TYPE_FIELD_ROW) : NULL;
  MdEntry *entry = row != NULL ? counter_field_row_get_entry (COUNTER_FIELD_ROW (row)) : NULL;

  return entry != NULL && entry == md_form_data_get_entry (data, md_entry_get_id (entry));
}

/* Through the X server, to whichever window is active. */
static void
press (const char *key)
{
  const char *const words[] = { "xdotool", "key", "--clearmodifiers", key, NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  process = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static const char *
preedit (void)
{
  return focused != NULL ? focused->preedit->str : "";
}

/* Whatever a key did, it has done it. */
static void
settle (void)
{
  const gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 4;

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
}

static void
focus_on (const char *id)
{
  counter_field_row_focus (COUNTER_FIELD_ROW (row_of (id)));
  await (has_focus (id) && focused != NULL && gtk_window_is_active (GTK_WINDOW (window)));
}

static void
compose_kasa (void)
{
  press ("k");
  press ("s");
  await (g_strcmp0 (preedit (), "かさ") == 0);
}

static void
open_form (const char *procedure)
{
  const CounterModels *models = counter_window_get_models (window);
  static const char *const pages[] = { "home", "intake", NULL };
  static MdViewer viewer;
  static MdCatalogue *catalogue;
  g_autofree char *folder = bench_forms_folder ();

  if (catalogue == NULL)
    catalogue = bench_load (folder);
  viewer = bench_viewer ();
  g_clear_object (&data);
  data = md_form_data_new (md_catalogue_get_form (catalogue, procedure), &viewer, MD_STEP_ENTRY,
                           BENCH_DAY);
  counter_window_set_locked (window, FALSE);
  g_object_set (models->desk, "pages", pages, "can-intake", TRUE, "intake-open", TRUE, NULL);
  counter_window_show_page (window, "intake");
  g_object_set (models->intake, "form", data, "step", "content", "furthest", "content", NULL);
  gtk_window_present (GTK_WINDOW (window));
  await (is_shown ("p.kana"));
  await (is_in_field ()); /* the page has put it where typing begins */
  settle ();
}

/* --- */

/* While it is open the field knows nothing of it: no value, no error, no katakana; and no key that
 * the method wants moves away from it or does what it does elsewhere (Tab, F6, Escape, Return). */
static void
test_open (void)
{
  static const char *const keys[] = { "Tab", "F6", "F2", "Escape", "ctrl+Page_Down", "question" };
  MdEntry *kana;

  open_form ("care.delivery");
  kana = entry_of ("p.kana");
  focus_on ("p.kana");
  compose_kasa ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      press (keys[i]);
      settle ();
      g_test_message ("%s", keys[i]);
      g_assert_true (has_focus ("p.kana"));
      g_assert_cmpstr (preedit (), ==, "かさ");
    }
  g_assert_null (md_entry_get_text (kana));
  g_assert_null (md_entry_get_error (kana));
  g_assert_false (md_entry_get_filled (kana));
  g_assert_cmpuint (resets, ==, 0);

  /* The key that commits does not leave the field; what was typed is hiragana until one does. */
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (kana), "かさ") == 0);
  settle ();
  g_assert_true (has_focus ("p.kana"));
  g_assert_cmpstr (md_entry_get_text (kana), ==, "かさ");
  press ("Tab");
  await (!has_focus ("p.kana"));
  g_assert_cmpstr (md_entry_get_text (kana), ==, "カサ");
  g_assert_null (md_entry_get_error (kana));
}

/* Another window has the keys for a moment: what is open is open when the clerk comes back. */
static void
test_away (void)
{
  GtkWidget *other = gtk_window_new ();
  MdEntry *kana;

  open_form ("care.delivery");
  kana = entry_of ("p.kana");
  focus_on ("p.kana");
  compose_kasa ();
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (kana), "かさ") == 0);
  press ("n");
  await (g_strcmp0 (preedit (), "な") == 0);
  gtk_window_present (GTK_WINDOW (other));
  await (gtk_window_is_active (GTK_WINDOW (other)));
  settle ();
  g_assert_cmpstr (md_entry_get_text (kana), ==, "かさ");
  g_assert_cmpuint (resets, ==, 0);
  gtk_window_destroy (GTK_WINDOW (other));
  await (gtk_window_is_active (GTK_WINDOW (window)));
  settle ();
  g_assert_cmpstr (preedit (), ==, "な");
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (kana), "かさな") == 0);
  press ("Tab");
  await (!has_focus ("p.kana"));
  g_assert_cmpstr (md_entry_get_text (kana), ==, "カサナ");
}

/* A date that is wrong is told of when the field is left, not while it is composed or committed. */
static void
test_no_error_before (void)
{
  MdEntry *birth;

  open_form ("care.delivery");
  birth = entry_of ("p.birth");
  focus_on ("p.birth");
  compose_kasa ();
  settle ();
  g_assert_null (md_entry_get_error (birth));
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (birth), "かさ") == 0);
  settle ();
  g_assert_null (md_entry_get_error (birth));
  press ("Tab");
  await (!has_focus ("p.birth"));
  g_assert_nonnull (md_entry_get_error (birth));
}

/* The same in a field of several lines. */
static void
test_lines (void)
{
  MdEntry *memo;

  open_form ("care.delivery");
  memo = entry_of ("m.handover");
  gtk_widget_activate_action (row_of ("p.kana"), "page.jump", "s", "m.handover");
  await (is_shown ("m.handover"));
  focus_on ("m.handover");
  compose_kasa ();
  press ("Tab");
  press ("Escape");
  settle ();
  g_assert_true (has_focus ("m.handover"));
  g_assert_null (md_entry_get_text (memo));
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (memo), "かさ") == 0);
  g_assert_cmpuint (resets, ==, 0);
  press ("Tab");
  await (!has_focus ("m.handover"));
  g_assert_cmpstr (md_entry_get_text (memo), ==, "かさ");
}

/* --- where it would be covered once it was left --- */

static void
cover_cb (CounterWindow *top, gboolean covered)
{
  md_form_data_set_covered (data, covered);
}

static void
open_covered (void)
{
  open_form ("care.equipment");
  gtk_widget_activate_action (row_of ("p.kana"), "page.jump", "s", "k.eq_reason");
  await (is_shown ("k.eq_reason"));
  focus_on ("k.eq_reason");
  compose_kasa ();
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (entry_of ("k.eq_reason")), "かさ") == 0);
}

/* The screen is hidden while a word is half typed: it goes on there afterwards. So does what is
 * half composed, hidden by the button, since every key is the method's. */
static void
test_hidden (void)
{
  gulong handler = g_signal_connect (window, "covered", G_CALLBACK (cover_cb), NULL);
  MdEntry *entry;

  open_covered ();
  entry = entry_of ("k.eq_reason");
  press ("F9");
  await (!is_shown ("k.eq_reason"));
  settle ();
  press ("F9");
  await (is_shown ("k.eq_reason"));
  settle ();
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_EDITABLE);
  g_assert_cmpstr (md_entry_get_text (entry), ==, "かさ");

  focus_on ("k.eq_reason");
  press ("n");
  await (g_strcmp0 (preedit (), "な") == 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.hide-screen", NULL);
  await (!is_shown ("k.eq_reason"));
  settle ();
  g_assert_cmpint (md_entry_get_view (entry), <, MD_VIEW_READABLE);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.hide-screen", NULL);
  await (is_shown ("k.eq_reason"));
  settle ();
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_EDITABLE);
  g_assert_cmpstr (md_entry_get_text (entry), ==, "かさ");
  g_assert_cmpuint (resets, ==, 0);
  focus_on ("k.eq_reason");
  g_assert_cmpstr (preedit (), ==, "な");
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (entry), "かさな") == 0);
  press ("Tab");
  await (md_entry_get_view (entry) != MD_VIEW_EDITABLE);
  g_signal_handler_disconnect (window, handler);
}

/* What is said elsewhere, and even the form's being looked through, leaves what is open as it is;
 * once it is committed and left, it is covered. */
static void
test_elsewhere (void)
{
  MdEntry *entry;

  open_covered ();
  entry = entry_of ("k.eq_reason");
  press ("n");
  await (g_strcmp0 (preedit (), "な") == 0);
  md_entry_set_text (entry_of ("p.tel"), "03-3581-0070");
  (void)md_form_data_validate (data);
  settle ();
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_EDITABLE);
  g_assert_cmpstr (preedit (), ==, "な");
  g_assert_cmpuint (resets, ==, 0);
  press ("Return");
  await (g_strcmp0 (md_entry_get_text (entry), "かさな") == 0);
  press ("Tab");
  await (md_entry_get_view (entry) != MD_VIEW_EDITABLE);
  g_assert_true (md_entry_get_filled (entry));
}

/* A method that ends while it composes says nothing: once the clerk is at another field, what was
 * typed before it is covered as soon as anything is said there. */
static void
test_silent_method (void)
{
  MdEntry *entry;

  open_covered ();
  entry = entry_of ("k.eq_reason");
  press ("n");
  await (g_strcmp0 (preedit (), "な") == 0);
  settle (); /* the jump puts the focus there when there is time */
  g_assert_cmpint (md_entry_get_view (entry), ==, MD_VIEW_EDITABLE);
  focus_on ("k.eq_price");
  (void)md_form_data_validate (data);
  g_assert_cmpint (md_entry_get_view (entry), <, MD_VIEW_READABLE);
}

static void
activate (GtkApplication *application, int *out_code)
{
  g_application_hold (G_APPLICATION (application));
  counter_settings_apply (counter_settings_get ());
  window = counter_window_new (application);
  gtk_window_present (GTK_WINDOW (window));
  await (gtk_window_is_active (GTK_WINDOW (window)));
  *out_code = g_test_run ();
  gtk_window_destroy (GTK_WINDOW (window));
  g_clear_object (&data);
  g_application_release (G_APPLICATION (application));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  int code = 1;

  g_setenv ("GTK_IM_MODULE", IM_ID, TRUE);
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  g_io_extension_point_implement (GTK_IM_MODULE_EXTENSION_POINT_NAME, test_im_get_type (), IM_ID,
                                  0);
  application = adw_application_new ("org.madoguchi.Ime", G_APPLICATION_NON_UNIQUE);
  g_test_add_func ("/counter/ime/open", test_open);
  g_test_add_func ("/counter/ime/away", test_away);
  g_test_add_func ("/counter/ime/no-error-before", test_no_error_before);
  g_test_add_func ("/counter/ime/lines", test_lines);
  g_test_add_func ("/counter/ime/hidden", test_hidden);
  g_test_add_func ("/counter/ime/elsewhere", test_elsewhere);
  g_test_add_func ("/counter/ime/silent-method", test_silent_method);
  g_signal_connect (application, "activate", G_CALLBACK (activate), &code);
  (void)g_application_run (G_APPLICATION (application), 0, NULL);
  return code;
}
