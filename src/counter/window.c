// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "window.h"

#include "act-bar.h"
#include "clipboard.h"
#include "dialog.h"
#include "help.h"
#include "keys.h"
#include "page.h"
#include "phrases.h"
#include "settings.h"
#include "stack.h"

#include <glib/gi18n.h>

#define ROOMY_FROM 1700

struct _CounterWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack *lock_stack; /* login, desk */
  GtkStack *pages;
  GtkOverlay *overlay;
  GtkEventController *keys;
  GtkWidget *turned; /* over all else, or NULL */
  GtkWidget *warning_box;
  GtkLabel *warning;
  GtkWidget *curtain;
  GtkWidget *curtain_button;
  AdwToastOverlay *toasts;
  CounterPage *login_page;
  CounterPage *top_bar;
  CounterPage *rail;
  CounterPage *home_page;
  CounterPage *intake_page;
  CounterPage *approval_page;
  CounterPage *returned_page;
  CounterPage *draft_page;
  CounterPage *confirmation_page;
  CounterPage *queue_page;
  CounterPage *log_page;
  CounterPage *settings_page;
  CounterModels models;
  gboolean locked;
};

enum
{
  NEW_INTAKE,
  LOCK,
  COVERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CounterWindow, counter_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- pages --- */

static gboolean
focus_later (gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);
  GtkWidget *page
      = self->locked ? GTK_WIDGET (self->login_page) : gtk_stack_get_visible_child (self->pages);

  if (COUNTER_IS_PAGE (page) && gtk_widget_get_mapped (page))
    counter_page_focus_start (COUNTER_PAGE (page));
  return G_SOURCE_REMOVE;
}

static void
focus_page (CounterWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (self), g_object_unref);
}

const char *
counter_window_get_page (CounterWindow *self)
{
  return gtk_stack_get_visible_child_name (self->pages);
}

static gboolean
may_show (CounterWindow *self, const char *page)
{
  g_auto (GStrv) pages = NULL;

  if (g_strcmp0 (page, "intake") == 0)
    return counter_model_flag (self->models.desk, "intake-open");
  g_object_get (self->models.desk, "pages", &pages, NULL);
  return pages != NULL && g_strv_contains ((const char *const *)pages, page);
}

void
counter_window_show_page (CounterWindow *self, const char *page)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-page");
  const char *place = g_strcmp0 (page, "intake") == 0 ? "home" : page;

  if (self->locked || !may_show (self, page))
    return;
  counter_stack_show (self->pages, page);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (place));
  focus_page (self);
}

void
counter_window_turn (CounterWindow *self, GtkWidget *view)
{
  if (self->turned != NULL)
    gtk_overlay_remove_overlay (self->overlay, self->turned);
  self->turned = view;
  if (view != NULL)
    {
      counter_dialog_close_all (GTK_WINDOW (self));
      counter_clipboard_empty (GTK_WINDOW (self));
      gtk_window_set_focus (GTK_WINDOW (self), NULL);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->toasts), view == NULL);
  gtk_event_controller_set_propagation_phase (self->keys,
                                              view == NULL ? GTK_PHASE_BUBBLE : GTK_PHASE_NONE);
  if (view != NULL)
    gtk_overlay_add_overlay (self->overlay, view);
}

void
counter_window_set_locked (CounterWindow *self, gboolean locked)
{
  static const char *const desk_only[]
      = { "show-page", "new-intake", "resume-intake", "hide-screen", "lock" };

  self->locked = locked;
  if (locked)
    {
      counter_window_turn (self, NULL);
      counter_dialog_close_all (GTK_WINDOW (self));
      counter_clipboard_empty (GTK_WINDOW (self));
    }
  counter_stack_show (self->lock_stack, locked ? "login" : "desk");
  gtk_widget_set_visible (self->curtain, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->lock_stack), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (desk_only); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), desk_only[i])), !locked);
  if (!locked) /* it was hidden as it was locked, perhaps: whoever logs in sees the screen */
    g_signal_emit (self, signals[COVERED], 0, FALSE);
  focus_page (self);
}

void
counter_window_warn (CounterWindow *self, const char *words)
{
  gtk_label_set_text (self->warning, words);
  gtk_widget_set_visible (self->warning_box, TRUE);
}

void
counter_window_tell (CounterWindow *self, const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  adw_toast_set_timeout (toast, 5);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

const CounterModels *
counter_window_get_models (CounterWindow *self)
{
  return &self->models;
}

/* --- actions --- */

static void
show_page_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);
  const char *page = g_variant_get_string (parameter, NULL);

  /* The toggle of the rail follows the state: state it again even when nothing changes. */
  if (g_strcmp0 (page, "home") == 0 && counter_model_flag (self->models.desk, "intake-open")
      && g_strcmp0 (counter_window_get_page (self), "home") != 0
      && g_strcmp0 (counter_window_get_page (self), "intake") != 0)
    page = "intake";
  counter_window_show_page (self, page);
}

static void
new_intake_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);

  if (counter_model_flag (self->models.desk, "intake-open"))
    {
      counter_window_show_page (self, "intake");
      counter_window_tell (
          self, _ ("This intake is still open. Finish or end it before you begin another."));
    }
  else if (counter_model_flag (self->models.desk, "can-intake"))
    g_signal_emit (self, signals[NEW_INTAKE], 0);
}

static void
resume_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  counter_window_show_page (COUNTER_WINDOW (data), "intake");
}

static void
set_covered (CounterWindow *self, gboolean covered)
{
  if (covered)
    counter_dialog_close_all (GTK_WINDOW (self));
  gtk_widget_set_visible (self->curtain, covered);
  /* First, so that what is being typed is covered as it is, and not left by the clerk. */
  if (covered)
    g_signal_emit (self, signals[COVERED], 0, TRUE);
  /* not only painted over: out of the accessibility tree, too */
  gtk_widget_set_visible (GTK_WIDGET (self->lock_stack), !covered);
  if (covered)
    gtk_widget_grab_focus (self->curtain_button);
  else
    {
      g_signal_emit (self, signals[COVERED], 0, FALSE);
      focus_page (self);
    }
}

static void
hide_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);

  set_covered (self, !gtk_widget_get_visible (self->curtain));
}

static void
lock_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, signals[LOCK], 0);
}

static void
press_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterActBar *bar = counter_act_bar_find (GTK_WIDGET (data));
  gboolean done = FALSE;

  if (bar != NULL && !gtk_widget_get_visible (COUNTER_WINDOW (data)->curtain))
    done = g_strcmp0 (g_action_get_name (G_ACTION (action)), "primary") == 0
               ? counter_act_bar_press_primary (bar)
               : counter_act_bar_press_back (bar);
  if (!done)
    gtk_widget_error_bell (GTK_WIDGET (data));
}

static void
next_region_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *content = gtk_stack_get_visible_child (self->pages);

  if (self->locked || content == NULL)
    return;
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->rail)))
    counter_page_focus_start (COUNTER_PAGE (content));
  else if (!gtk_widget_child_focus (GTK_WIDGET (self->rail), GTK_DIR_TAB_FORWARD))
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/* What of the page is before the officer, where the help tells it apart. */
static const char *
help_step (CounterWindow *self, const char *page)
{
  const char *note = counter_model_text (self->models.approval, "officers-note");

  if (g_strcmp0 (page, "intake") == 0)
    return counter_model_text (self->models.intake, "step");
  return g_strcmp0 (page, "approvals") == 0 && note != NULL && *note != '\0' ? "two" : NULL;
}

static void
help_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CounterWindow *self = COUNTER_WINDOW (data);
  const char *page = self->locked ? "login" : counter_window_get_page (self);

  counter_help_show (GTK_WINDOW (self), page, help_step (self, page));
}

static void
keys_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  counter_keys_show (GTK_WINDOW (data));
}

static const GActionEntry actions[] = {
  { .name = "show-page",
    .activate = show_page_activated,
    .parameter_type = "s",
    .state = "'home'",
    .change_state = NULL },
  { .name = "new-intake", .activate = new_intake_activated },
  { .name = "resume-intake", .activate = resume_activated },
  { .name = "hide-screen", .activate = hide_activated },
  { .name = "lock", .activate = lock_activated },
  { .name = "primary", .activate = press_activated },
  { .name = "step-back", .activate = press_activated },
  { .name = "next-region", .activate = next_region_activated },
  { .name = "help", .activate = help_activated },
  { .name = "keys", .activate = keys_activated },
};

/* --- the window itself --- */

/* An intake under way would be gone with the window. */
static gboolean
counter_window_close_request (GtkWindow *window)
{
  CounterWindow *self = COUNTER_WINDOW (window);

  if (!counter_model_flag (self->models.desk, "intake-open"))
    return GTK_WINDOW_CLASS (counter_window_parent_class)->close_request (window);
  counter_window_tell (self, _ ("An intake is under way. End it before closing the window."));
  return TRUE;
}

/* The inspector would show what the screen hides. */
static gboolean
counter_window_enable_debugging (GtkWindow *window, gboolean toggle)
{
  return FALSE;
}

/* A large screen is looked at from further away. */
static void
layout_cb (CounterWindow *self, int width, int height)
{
  counter_settings_set_roomy (counter_settings_get (), width >= ROOMY_FROM);
}

static void
counter_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (counter_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "layout",
                           G_CALLBACK (layout_cb), widget, G_CONNECT_SWAPPED);
}

static void
counter_window_dispose (GObject *object)
{
  CounterWindow *self = COUNTER_WINDOW (object);

  g_clear_object (&self->models.desk);
  g_clear_object (&self->models.login);
  g_clear_object (&self->models.intake);
  g_clear_object (&self->models.approval);
  g_clear_object (&self->models.returned);
  g_clear_object (&self->models.draft);
  g_clear_object (&self->models.staff_pin);
  G_OBJECT_CLASS (counter_window_parent_class)->dispose (object);
}

static void
counter_window_class_init (CounterWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = counter_window_dispose;
  widget_class->realize = counter_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = counter_window_close_request;
  GTK_WINDOW_CLASS (klass)->enable_debugging = counter_window_enable_debugging;
  signals[NEW_INTAKE] = g_signal_new ("new-intake", COUNTER_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[LOCK] = g_signal_new ("lock", COUNTER_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[COVERED] = g_signal_new ("covered", COUNTER_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  counter_types_ensure ();
  counter_phrases_watch ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/madoguchi/Madoguchi/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, lock_stack);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, warning_box);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, warning);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, curtain);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, curtain_button);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, login_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, top_bar);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, rail);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, home_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, intake_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, approval_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, returned_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, draft_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, confirmation_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, queue_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, log_page);
  gtk_widget_class_bind_template_child (widget_class, CounterWindow, settings_page);
}

static void
hand_out_models (CounterWindow *self)
{
  CounterPage *desk_pages[]
      = { self->top_bar,    self->rail,     self->home_page,    self->confirmation_page,
          self->queue_page, self->log_page, self->settings_page };

  self->models.desk = g_object_new (COUNTER_TYPE_DESK_MODEL, NULL);
  self->models.login = g_object_new (COUNTER_TYPE_LOGIN_MODEL, NULL);
  self->models.intake = g_object_new (COUNTER_TYPE_INTAKE_MODEL, NULL);
  self->models.approval = g_object_new (COUNTER_TYPE_APPROVAL_MODEL, NULL);
  self->models.returned = g_object_new (COUNTER_TYPE_RETURNED_MODEL, NULL);
  self->models.draft = g_object_new (COUNTER_TYPE_DRAFT_MODEL, NULL);
  self->models.staff_pin = g_object_new (COUNTER_TYPE_STAFF_PIN_MODEL, NULL);
  g_object_set (self->models.intake, "staff-pin", self->models.staff_pin, NULL);
  g_object_set (self->models.approval, "staff-pin", self->models.staff_pin, NULL);
  g_object_set (self->models.returned, "staff-pin", self->models.staff_pin, NULL);
  g_object_set (self->models.draft, "staff-pin", self->models.staff_pin, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (desk_pages); i++)
    counter_page_set_model (desk_pages[i], self->models.desk);
  counter_page_set_model (self->login_page, self->models.login);
  counter_page_set_model (self->intake_page, self->models.intake);
  counter_page_set_model (self->approval_page, self->models.approval);
  counter_page_set_model (self->returned_page, self->models.returned);
  counter_page_set_model (self->draft_page, self->models.draft);
}

static void
counter_window_init (CounterWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->keys = counter_keys_controller (FALSE);
  gtk_widget_add_controller (GTK_WIDGET (self), self->keys); /* which holds it */
  hand_out_models (self);
  /* An intake begins or ends, or its card is lifted. */
  g_signal_connect_object (self->models.desk, "notify::intake-open",
                           G_CALLBACK (counter_clipboard_empty), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models.intake, "notify::away",
                           G_CALLBACK (counter_clipboard_empty), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (GTK_WIDGET (self), "counter");
  /* BIZ UDGothic sets Latin letters on a fixed grid: right among kanji, tiring in whole English
     sentences, so there its proportional sister stands in. */
  if (g_strcmp0 (C_ ("the script of this language: latin or japanese", "latin"), "latin") == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "latin");
  counter_stack_show (self->pages, "home");
  counter_window_set_locked (self, TRUE);
}

CounterWindow *
counter_window_new (GtkApplication *application)
{
  return g_object_new (COUNTER_TYPE_WINDOW, "application", application, NULL);
}
