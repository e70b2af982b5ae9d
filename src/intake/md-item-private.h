// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <glib-object.h>

G_BEGIN_DECLS

/* List items are records of texts, flags and small numbers, all of them properties; one table says
 * which. */
typedef enum
{
  MD_ITEM_TEXT,
  MD_ITEM_FLAG,
  MD_ITEM_INT,
  MD_ITEM_UINT,
} MdItemKind;

typedef struct
{
  const char *name;
  MdItemKind kind;
} MdItemField;

typedef struct
{
  char *text; /* wiped when it changes or goes */
  gint64 number;
} MdItemSlot;

#define MD_ITEM_MAX 18u

typedef struct
{
  MdItemSlot slots[MD_ITEM_MAX];
} MdItemValues;

void _md_item_install (GObjectClass *klass, const MdItemField *fields, guint n);
void _md_item_get (const MdItemValues *values, guint id, GValue *value);
void _md_item_clear (MdItemValues *values);
/* Set and notify; index counts from 0 in the table. */
void _md_item_set_text (gpointer object, MdItemValues *values, const MdItemField *fields,
                        guint index, const char *text);
void _md_item_set_number (gpointer object, MdItemValues *values, const MdItemField *fields,
                          guint index, gint64 number);

/* All that another item of the same table says; what differs is notified. */
void _md_item_copy (gpointer object, MdItemValues *values, const MdItemField *fields, guint n,
                    const MdItemValues *from);

#define MD_DEFINE_ITEM(TypeName, type_name, FIELDS)                                                \
  struct _##TypeName                                                                               \
  {                                                                                                \
    GObject parent_instance;                                                                       \
    MdItemValues values;                                                                           \
  };                                                                                               \
  G_DEFINE_FINAL_TYPE (TypeName, type_name, G_TYPE_OBJECT)                                         \
  static void type_name##_get_property (GObject *object, guint id, GValue *value,                  \
                                        GParamSpec *pspec)                                         \
  {                                                                                                \
    _md_item_get (&((TypeName *)(gpointer)object)->values, id, value);                             \
  }                                                                                                \
  static void type_name##_finalize (GObject *object)                                               \
  {                                                                                                \
    _md_item_clear (&((TypeName *)(gpointer)object)->values);                                      \
    G_OBJECT_CLASS (type_name##_parent_class)->finalize (object);                                  \
  }                                                                                                \
  static void type_name##_class_init (TypeName##Class *klass)                                      \
  {                                                                                                \
    G_OBJECT_CLASS (klass)->get_property = type_name##_get_property;                               \
    G_OBJECT_CLASS (klass)->finalize = type_name##_finalize;                                       \
    _md_item_install (G_OBJECT_CLASS (klass), FIELDS, G_N_ELEMENTS (FIELDS));                      \
  }                                                                                                \
  static void type_name##_init (TypeName *self) {}

G_END_DECLS
