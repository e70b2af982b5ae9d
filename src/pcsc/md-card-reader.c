// SPDX-License-Identifier: Apache-2.0
#include "md-card-reader.h"

#include "md-card-reader-private.h"

struct _MdCardReader
{
  GObject parent_instance;

  char *name;
  MdCardSlot slot;
  MdCardRole role;
  gboolean is_free;
  gboolean registered;
  guint32 events;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_HAS_CARD,
  PROP_ROLE,
  PROP_REGISTERED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (MdCardReader, md_card_reader, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (MdCardRole, md_card_role, G_DEFINE_ENUM_VALUE (MD_CARD_ROLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (MD_CARD_ROLE_RESIDENT, "resident"),
                    G_DEFINE_ENUM_VALUE (MD_CARD_ROLE_STAFF, "staff"))

static void
md_card_reader_finalize (GObject *object)
{
  g_free (MD_CARD_READER (object)->name);
  G_OBJECT_CLASS (md_card_reader_parent_class)->finalize (object);
}

static void
md_card_reader_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdCardReader *self = MD_CARD_READER (object);
  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_HAS_CARD:
      g_value_set_boolean (value, self->slot != MD_CARD_SLOT_EMPTY);
      break;
    case PROP_ROLE:
      g_value_set_enum (value, (int)self->role);
      break;
    case PROP_REGISTERED:
      g_value_set_boolean (value, self->registered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
md_card_reader_class_init (MdCardReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  object_class->finalize = md_card_reader_finalize;
  object_class->get_property = md_card_reader_get_property;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_HAS_CARD] = g_param_spec_boolean ("has-card", NULL, NULL, FALSE, flags);
  properties[PROP_ROLE]
      = g_param_spec_enum ("role", NULL, NULL, MD_TYPE_CARD_ROLE, MD_CARD_ROLE_NONE, flags);
  properties[PROP_REGISTERED] = g_param_spec_boolean ("registered", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_card_reader_init (MdCardReader *self)
{
  self->registered = TRUE;
}

MdCardReader *
_md_card_reader_new (const char *name)
{
  MdCardReader *self = g_object_new (MD_TYPE_CARD_READER, NULL);
  self->name = g_strdup (name);
  return self;
}

gboolean
_md_card_reader_update (MdCardReader *self, MdCardSlot slot, guint32 events)
{
  if (self->slot == slot && self->events == events)
    return FALSE;
  self->slot = slot;
  self->events = events;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_CARD]);
  return TRUE;
}

gboolean
_md_card_reader_set_role (MdCardReader *self, MdCardRole role, gboolean is_free)
{
  if (self->role == role && self->is_free == is_free)
    return FALSE;
  self->role = role;
  self->is_free = is_free;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
  return TRUE;
}

gboolean
_md_card_reader_set_registered (MdCardReader *self, gboolean registered)
{
  if (self->registered == registered)
    return FALSE;
  self->registered = registered;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGISTERED]);
  return TRUE;
}

gboolean
md_card_reader_is_registered (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), FALSE);
  return self->registered;
}

gboolean
md_card_reader_is_free (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), FALSE);
  return self->is_free;
}

const char *
md_card_reader_get_name (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), NULL);
  return self->name;
}

MdCardSlot
md_card_reader_get_slot (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), MD_CARD_SLOT_EMPTY);
  return self->slot;
}

MdCardRole
md_card_reader_get_role (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), MD_CARD_ROLE_NONE);
  return self->role;
}

guint32
md_card_reader_get_events (MdCardReader *self)
{
  g_return_val_if_fail (MD_IS_CARD_READER (self), 0);
  return self->events;
}
