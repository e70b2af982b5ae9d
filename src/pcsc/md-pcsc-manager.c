// SPDX-License-Identifier: Apache-2.0
#include "md-pcsc-manager.h"

#include "md-card-reader-private.h"
#include "md-card-register.h"
#include "md-card-roles.h"
#include "md-pcsc-backend.h"
#include "md-pcsc-private.h"
#include "md-pcsc-watcher.h"
#include "md-pcsc-workers.h"

struct _MdPcsc
{
  GObject parent_instance;

  MdCardBackend *backend;
  GMainContext *context;
  MdPcscWorkers *workers;
  MdPcscWatcher *watcher;
  gboolean stopped;
  GListStore *readers; // of MdCardReader
  MdPcscState state;
  MdCardRoles *roles;
  GStrv away;       // listed, and not connected
  GStrv registered; // NULL: any reader may be used
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_HELD,
  N_PROPS
};

enum
{
  SIGNAL_CARD_INSERTED,
  SIGNAL_CARD_REMOVED,
  SIGNAL_READERS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdPcsc, md_pcsc, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

G_DEFINE_ENUM_TYPE (MdPcscHeld, md_pcsc_held, G_DEFINE_ENUM_VALUE (MD_PCSC_HELD_NOT, "not"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_HELD_BY_KEYPAD, "by-keypad"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_HELD_BY_CARD, "by-card"))

G_DEFINE_ENUM_TYPE (MdPcscState, md_pcsc_state,
                    G_DEFINE_ENUM_VALUE (MD_PCSC_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_STATE_NO_SERVICE, "no-service"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_STATE_NO_READER, "no-reader"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (MD_PCSC_STATE_NO_PERMISSION, "no-permission"))

static GType
get_item_type (GListModel *model)
{
  return MD_TYPE_CARD_READER;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (MD_PCSC (model)->readers));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (MD_PCSC (model)->readers), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
md_pcsc_dispose (GObject *object)
{
  MdPcsc *self = MD_PCSC (object);
  md_pcsc_stop (self);
  g_clear_pointer (&self->workers, _md_pcsc_workers_free);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (md_pcsc_parent_class)->dispose (object);
}

static void
md_pcsc_finalize (GObject *object)
{
  MdPcsc *self = MD_PCSC (object);
  g_clear_object (&self->readers);
  g_clear_pointer (&self->context, g_main_context_unref);
  _md_card_roles_free (self->roles);
  g_strfreev (self->away);
  g_strfreev (self->registered);
  G_OBJECT_CLASS (md_pcsc_parent_class)->finalize (object);
}

static void
md_pcsc_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_enum (value, (int)MD_PCSC (object)->state);
  else if (id == PROP_HELD)
    {
      const MdPcscHeld held = md_pcsc_get_held (MD_PCSC (object));
      g_value_set_enum (value, (int)held);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_pcsc_class_init (MdPcscClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = md_pcsc_dispose;
  object_class->finalize = md_pcsc_finalize;
  object_class->get_property = md_pcsc_get_property;

  properties[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, MD_TYPE_PCSC_STATE, MD_PCSC_STATE_STARTING,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_HELD]
      = g_param_spec_enum ("held", NULL, NULL, MD_TYPE_PCSC_HELD, MD_PCSC_HELD_NOT,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CARD_INSERTED]
      = g_signal_new ("card-inserted", MD_TYPE_PCSC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, MD_TYPE_CARD_READER);
  signals[SIGNAL_CARD_REMOVED]
      = g_signal_new ("card-removed", MD_TYPE_PCSC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, MD_TYPE_CARD_READER);
  signals[SIGNAL_READERS_CHANGED] = g_signal_new (
      "readers-changed", MD_TYPE_PCSC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
on_items_changed (GListModel *store, guint position, guint removed, guint added, gpointer data)
{
  g_list_model_items_changed (G_LIST_MODEL (data), position, removed, added);
}

static void
md_pcsc_init (MdPcsc *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->readers = g_list_store_new (MD_TYPE_CARD_READER);
  self->away = g_new0 (char *, 1);
  self->roles = _md_card_roles_new ();
  g_signal_connect_object (self->readers, "items-changed", G_CALLBACK (on_items_changed), self, 0);
}

MdPcsc *
md_pcsc_new_for_backend (MdCardBackend *backend)
{
  g_return_val_if_fail (MD_IS_CARD_BACKEND (backend), NULL);
  MdPcsc *self = g_object_new (MD_TYPE_PCSC, NULL);
  self->backend = g_object_ref (backend);
  self->workers = _md_pcsc_workers_new (backend);
  return self;
}

MdPcsc *
md_pcsc_new (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  return md_pcsc_new_for_backend (MD_CARD_BACKEND (backend));
}

// Borrowed, since the store keeps it.
static MdCardReader *
peek_reader (MdPcsc *self, guint position)
{
  g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (self->readers), position);
  return reader;
}

static MdCardReader *
find_reader (MdPcsc *self, const char *name, guint *out_position)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      MdCardReader *reader = peek_reader (self, i);
      if (g_str_equal (md_card_reader_get_name (reader), name))
        {
          *out_position = i;
          return reader;
        }
    }
  return NULL;
}

// The names of all readers that may be used, ended by NULL; borrowed, but for the array.
static const char **
list_names (MdPcsc *self)
{
  guint count = get_n_items (G_LIST_MODEL (self));
  const char **names = g_new0 (const char *, count + 1);
  for (guint i = 0, n = 0; i < count; i++)
    if (md_card_reader_is_registered (peek_reader (self, i)))
      names[n++] = md_card_reader_get_name (peek_reader (self, i));
  return names;
}

// Says of each reader whether it may be used; TRUE when that changed.
static gboolean
look_up_readers (MdPcsc *self)
{
  const char *const *entries = (const char *const *)self->registered;
  gboolean changed = FALSE;
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      MdCardReader *reader = peek_reader (self, i);
      gboolean has = _md_card_register_has (entries, md_card_reader_get_name (reader));
      changed = _md_card_reader_set_registered (reader, has) || changed;
    }
  return changed;
}

// Gives each reader its role; TRUE when one changed. What may not be used has none.
static gboolean
assign_roles (MdPcsc *self)
{
  guint count = get_n_items (G_LIST_MODEL (self));
  gboolean changed = look_up_readers (self);
  g_autofree const char **names = list_names (self);
  g_autofree MdCardRole *roles = g_new0 (MdCardRole, count + 1);
  g_autofree gboolean *unsaid = g_new0 (gboolean, count + 1);
  _md_card_roles_assign (self->roles, names, roles, unsaid);
  for (guint i = 0, n = 0; i < count; i++)
    {
      MdCardReader *reader = peek_reader (self, i);
      gboolean usable = md_card_reader_is_registered (reader);
      MdCardRole role = usable ? roles[n] : MD_CARD_ROLE_NONE;
      changed = _md_card_reader_set_role (reader, role, usable && unsaid[n]) || changed;
      n += usable ? 1 : 0;
    }
  return changed;
}

static void
set_state (MdPcsc *self, MdPcscState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

// A reader as it was and as it is: at most one removal, then at most one insertion.
static void
update_reader (MdPcsc *self, MdCardReader *reader, MdCardSlot slot, guint32 events)
{
  g_autoptr (MdCardReader) keep = g_object_ref (reader);
  gboolean had_card = md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
  gboolean same_card = md_card_reader_get_events (reader) == events;
  gboolean has_card = slot != MD_CARD_SLOT_EMPTY;
  if (!_md_card_reader_update (reader, slot, events))
    return;
  if (had_card && (!has_card || !same_card))
    g_signal_emit (self, signals[SIGNAL_CARD_REMOVED], 0, reader);
  if (has_card && (!had_card || !same_card))
    g_signal_emit (self, signals[SIGNAL_CARD_INSERTED], 0, reader);
}

// A reader that is there, as SNAPSHOT has it; NULL where it is not, or away.
static const MdCardReaderState *
find_state (const MdCardSnapshot *snapshot, const char *name)
{
  const MdCardReaderState *state = md_card_snapshot_find (snapshot, name);
  return state != NULL && state->slot != MD_CARD_SLOT_AWAY ? state : NULL;
}

static gboolean
drop_missing_readers (MdPcsc *self, const MdCardSnapshot *snapshot)
{
  gboolean changed = FALSE;
  for (guint i = get_n_items (G_LIST_MODEL (self)); i > 0; i--)
    {
      g_autoptr (MdCardReader) reader = g_object_ref (peek_reader (self, i - 1));
      if (find_state (snapshot, md_card_reader_get_name (reader)) != NULL)
        continue;
      update_reader (self, reader, MD_CARD_SLOT_EMPTY, 0);
      md_card_memory_forget_reader (_md_pcsc_workers_get_memory (self->workers),
                                    md_card_reader_get_name (reader));
      g_list_store_remove (self->readers, i - 1);
      changed = TRUE;
    }
  return changed;
}

static MdPcscState
state_of (const MdCardSnapshot *snapshot)
{
  if (snapshot->forbidden)
    return MD_PCSC_STATE_NO_PERMISSION;
  if (!snapshot->service)
    return MD_PCSC_STATE_NO_SERVICE;
  for (guint i = 0; i < snapshot->readers->len; i++)
    if (((const MdCardReaderState *)g_ptr_array_index (snapshot->readers, i))->slot
        != MD_CARD_SLOT_AWAY)
      return MD_PCSC_STATE_READY;
  return MD_PCSC_STATE_NO_READER;
}

static GStrv
away_in (const MdCardSnapshot *snapshot)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (guint i = 0; i < snapshot->readers->len; i++)
    {
      const MdCardReaderState *state = g_ptr_array_index (snapshot->readers, i);
      if (state->slot == MD_CARD_SLOT_AWAY)
        g_strv_builder_add (names, state->name);
    }
  return g_strv_builder_end (names);
}

void
_md_pcsc_apply (MdPcsc *self, const MdCardSnapshot *snapshot)
{
  if (self->stopped)
    return;
  g_strfreev (self->away);
  self->away = away_in (snapshot);
  gboolean changed = drop_missing_readers (self, snapshot);
  for (guint i = 0; i < snapshot->readers->len; i++)
    {
      const MdCardReaderState *state = g_ptr_array_index (snapshot->readers, i);
      guint position = 0;
      if (state->slot == MD_CARD_SLOT_AWAY || find_reader (self, state->name, &position) != NULL)
        continue;
      g_autoptr (MdCardReader) reader = _md_card_reader_new (state->name);
      g_list_store_append (self->readers, reader);
      changed = TRUE;
    }
  (void)assign_roles (self);
  set_state (self, state_of (snapshot));
  if (changed)
    g_signal_emit (self, signals[SIGNAL_READERS_CHANGED], 0);
  for (guint i = 0; i < snapshot->readers->len; i++)
    {
      const MdCardReaderState *state = g_ptr_array_index (snapshot->readers, i);
      guint position = 0;
      MdCardReader *reader = find_reader (self, state->name, &position);
      if (reader != NULL)
        update_reader (self, reader, state->slot, state->events);
    }
}

void
md_pcsc_start (MdPcsc *self)
{
  g_return_if_fail (MD_IS_PCSC (self) && self->watcher == NULL);
  self->watcher = _md_pcsc_watcher_new (self->backend, self, self->context);
}

void
md_pcsc_stop (MdPcsc *self)
{
  g_return_if_fail (MD_IS_PCSC (self));
  self->stopped = TRUE;
  if (self->watcher != NULL)
    _md_pcsc_watcher_cancel (self->watcher);
  if (self->workers != NULL)
    _md_pcsc_workers_stop (self->workers);
  g_clear_pointer (&self->watcher, _md_pcsc_watcher_end);
}

MdPcscState
md_pcsc_get_state (MdPcsc *self)
{
  g_return_val_if_fail (MD_IS_PCSC (self), MD_PCSC_STATE_STARTING);
  return self->state;
}

MdPcscHeld
md_pcsc_get_held (MdPcsc *self)
{
  g_return_val_if_fail (MD_IS_PCSC (self), MD_PCSC_HELD_NOT);
  return self->workers != NULL ? _md_pcsc_workers_get_held (self->workers, NULL) : MD_PCSC_HELD_NOT;
}

MdPcscHeld
md_pcsc_get_held_on (MdPcsc *self, MdCardReader *reader)
{
  g_return_val_if_fail (MD_IS_PCSC (self), MD_PCSC_HELD_NOT);
  return self->workers != NULL && reader != NULL
             ? _md_pcsc_workers_get_held (self->workers, md_card_reader_get_name (reader))
             : MD_PCSC_HELD_NOT;
}

void
_md_pcsc_held_changed (MdPcsc *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELD]);
}

void
md_pcsc_set_patience (MdPcsc *self, guint seconds)
{
  g_return_if_fail (MD_IS_PCSC (self) && seconds > 0);
  _md_pcsc_workers_set_patience (self->workers, seconds);
}

// The first of those that may not be used, or NULL.
static const char *
find_unregistered (MdPcsc *self)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    if (!md_card_reader_is_registered (peek_reader (self, i)))
      return md_card_reader_get_name (peek_reader (self, i));
  return NULL;
}

void
md_pcsc_explain (MdPcsc *self, GError **error)
{
  g_return_if_fail (MD_IS_PCSC (self));
  const char *refused = find_unregistered (self);
  if (self->state == MD_PCSC_STATE_NO_PERMISSION)
    md_card_error_set (error, MD_CARD_ERROR_NO_PERMISSION);
  else if (refused != NULL)
    md_card_error_set_detail (error, MD_CARD_ERROR_NOT_REGISTERED, "reader: %s", refused);
  else if (self->state != MD_PCSC_STATE_NO_SERVICE)
    md_card_error_set (error, MD_CARD_ERROR_NO_READER);
  else if (md_pcsc_is_installed ())
    md_card_error_set (error, MD_CARD_ERROR_NO_SERVICE);
  else
    md_card_error_set (error, MD_CARD_ERROR_NOT_INSTALLED);
}

static void
roles_changed (MdPcsc *self)
{
  if (assign_roles (self))
    g_signal_emit (self, signals[SIGNAL_READERS_CHANGED], 0);
}

void
md_pcsc_set_role (MdPcsc *self, MdCardRole role, const char *name)
{
  g_return_if_fail (MD_IS_PCSC (self));
  g_return_if_fail (role > MD_CARD_ROLE_NONE && role <= MD_CARD_ROLE_STAFF);
  _md_card_roles_fix (self->roles, role, name);
  roles_changed (self);
}

void
md_pcsc_set_registered (MdPcsc *self, const char *const *names)
{
  g_return_if_fail (MD_IS_PCSC (self));
  g_strfreev (self->registered);
  self->registered = g_strdupv ((char **)(guintptr)names);
  roles_changed (self);
}

const char *
md_pcsc_get_fixed (MdPcsc *self, MdCardRole role)
{
  g_return_val_if_fail (MD_IS_PCSC (self), NULL);
  g_return_val_if_fail (role > MD_CARD_ROLE_NONE && role <= MD_CARD_ROLE_STAFF, NULL);
  return _md_card_roles_get_fixed (self->roles, role);
}

void
md_pcsc_set_choices (MdPcsc *self, GVariant *choices)
{
  g_return_if_fail (MD_IS_PCSC (self) && choices != NULL);
  g_return_if_fail (g_variant_is_of_type (choices, G_VARIANT_TYPE ("a{ss}")));
  _md_card_roles_set_choices (self->roles, choices);
  roles_changed (self);
}

GVariant *
md_pcsc_get_choices (MdPcsc *self)
{
  g_return_val_if_fail (MD_IS_PCSC (self), NULL);
  return _md_card_roles_get_choices (self->roles);
}

gboolean
md_pcsc_choose_role (MdPcsc *self, MdCardReader *reader, MdCardRole role)
{
  g_return_val_if_fail (MD_IS_PCSC (self) && MD_IS_CARD_READER (reader), FALSE);
  g_return_val_if_fail (role <= MD_CARD_ROLE_STAFF, FALSE);
  g_autofree const char **names = list_names (self);
  guint position = 0;
  while (names[position] != NULL
         && !g_str_equal (names[position], md_card_reader_get_name (reader)))
    position++;
  if (names[position] == NULL || !_md_card_roles_choose (self->roles, names, position, role))
    return FALSE;
  roles_changed (self);
  return TRUE;
}

// Where nobody has said anything of a role: the only one of which nobody has said anything.
static MdCardReader *
only_free_reader (MdPcsc *self)
{
  MdCardReader *only = NULL;
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      MdCardReader *reader = peek_reader (self, i);
      if (!md_card_reader_is_free (reader))
        continue;
      if (only != NULL)
        return NULL;
      only = reader;
    }
  return only;
}

MdCardReader *
md_pcsc_get_reader (MdPcsc *self, MdCardRole role)
{
  g_return_val_if_fail (MD_IS_PCSC (self), NULL);
  g_return_val_if_fail (role > MD_CARD_ROLE_NONE && role <= MD_CARD_ROLE_STAFF, NULL);
  guint position = 0;
  const char *fixed = _md_card_roles_get_fixed (self->roles, role);
  MdCardReader *reader = fixed != NULL ? find_reader (self, fixed, &position) : NULL;
  if (fixed != NULL)
    return reader != NULL && md_card_reader_is_registered (reader) ? reader : NULL;
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    if (md_card_reader_get_role (peek_reader (self, i)) == role)
      return peek_reader (self, i);
  return _md_card_roles_is_chosen (self->roles, role) ? NULL : only_free_reader (self);
}

GStrv
md_pcsc_list_names (MdPcsc *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (MD_IS_PCSC (self), NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    g_strv_builder_add (names, md_card_reader_get_name (peek_reader (self, i)));
  for (char **away = self->away; *away; away++)
    g_strv_builder_add (names, *away);
  return g_strv_builder_end (names);
}

// Takes TASK over: a job on a reader that may not be used.
static void
refuse (const MdCardJob *job, GTask *task)
{
  GError *error = NULL;
  md_card_error_set_detail (&error, MD_CARD_ERROR_NOT_REGISTERED, "reader: %s", job->reader);
  if (job->data_free != NULL)
    job->data_free (job->data);
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
md_pcsc_run_async (MdPcsc *self, const MdCardJob *job, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (MD_IS_PCSC (self));
  g_return_if_fail (job != NULL && job->reader != NULL && job->func != NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, md_pcsc_run_async);
  g_task_set_check_cancellable (task, FALSE); // what became of a cancelled job is ours to say
  if (!_md_card_register_has ((const char *const *)self->registered, job->reader))
    {
      refuse (job, g_steal_pointer (&task));
      return;
    }
  _md_pcsc_worker_push (_md_pcsc_workers_get (self->workers, job->reader), job, task);
}

gpointer
md_pcsc_run_finish (MdPcsc *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
