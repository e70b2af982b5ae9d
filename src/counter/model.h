// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gio/gio.h>
#include <md-base.h>

/*
 * What a screen shows, as an object with properties and nothing else: templates bind to it, a
 * binder (bind-*.c) keeps it equal to the workflow. A subclass is a table of property names and
 * types.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_MODEL (counter_model_get_type ())
G_DECLARE_DERIVABLE_TYPE (CounterModel, counter_model, COUNTER, MODEL, GObject)

struct _CounterModelClass
{
  GObjectClass parent_class;
  guint n_properties;
};

/* One line of a subclass's table: a readable, writable property that starts at the type's zero. */
typedef struct
{
  const char *name;
  GType (*type) (void); /* NULL: a string */
} CounterProperty;

/* Installs @table as the properties of @klass; to be called once, from its class_init. */
void counter_model_class_install (CounterModelClass *klass, const CounterProperty *table, guint n);

/* Readers for code; text is borrowed, and "" where nothing is set. */
const char *counter_model_text (CounterModel *self, const char *property);
gboolean counter_model_flag (CounterModel *self, const char *property);
guint counter_model_count (CounterModel *self, const char *property);
gpointer counter_model_object (CounterModel *self, const char *property);

/*
 * Signal "secret" (CounterModel *, const char *purpose, MdSecret *): the person has typed a PIN or
 * a password; the workflow behind the model takes its own reference. This emits it.
 */
void counter_model_give_secret (CounterModel *self, const char *purpose, MdSecret *secret);

/* Types for the table. */
GType counter_type_flag (void);
GType counter_type_count (void);
GType counter_type_list (void);
GType counter_type_object (void);
GType counter_type_strings (void);

/* Declares and defines a final subclass from its table. */
#define COUNTER_DECLARE_MODEL(Camel, lower, UPPER)                                                 \
  G_DECLARE_FINAL_TYPE (Counter##Camel, counter_##lower, COUNTER, UPPER, CounterModel)

#define COUNTER_DEFINE_MODEL(Camel, lower, table)                                                  \
  struct _Counter##Camel                                                                           \
  {                                                                                                \
    CounterModel parent_instance;                                                                  \
  };                                                                                               \
  G_DEFINE_FINAL_TYPE (Counter##Camel, counter_##lower, COUNTER_TYPE_MODEL)                        \
  static void counter_##lower##_class_init (Counter##Camel##Class *klass)                          \
  {                                                                                                \
    counter_model_class_install ((CounterModelClass *)klass, table, G_N_ELEMENTS (table));         \
  }                                                                                                \
  static void counter_##lower##_init (Counter##Camel *self) {}

G_END_DECLS
