// SPDX-License-Identifier: Apache-2.0
/* Of whom the day's intakes are. The window says it in digests; here they become pseudonyms under a
 * key that is gone with the machine's power, so that the disk alone tells nobody who was here. A
 * doubt stops the intake, whatever the window makes of it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <glib/gi18n.h>

#include "call.h"
#include "naming.h"
#include "waiver.h"

#define KEY_SIZE 32

/* --- The key --- */

/* The file in the service's folder under /run, which a restart of the service leaves and the end of
 * power does not; NULL without such a folder. */
static char *
key_path (void)
{
  const char *folders = g_getenv ("RUNTIME_DIRECTORY");
  g_autofree char *first = folders != NULL ? g_strndup (folders, strcspn (folders, ":")) : NULL;

  return first != NULL && g_path_is_absolute (first) ? g_build_filename (first, "day.key", NULL)
                                                     : NULL;
}

static gboolean
read_key (const char *path, guint8 key[KEY_SIZE])
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t n = fd >= 0 ? read (fd, key, KEY_SIZE) : -1;

  if (fd >= 0)
    close (fd);
  return n == KEY_SIZE;
}

static void
write_key (const char *path, const guint8 key[KEY_SIZE])
{
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0 || write (fd, key, KEY_SIZE) != KEY_SIZE)
    g_warning ("%s cannot be written (%s): after a restart of the service, namesakes of before it "
               "are not noticed",
               path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

MdSecret *
naming_load_key (void)
{
  g_autofree char *path = key_path ();
  guint8 key[KEY_SIZE];
  MdSecret *secret;

  if (path == NULL || !read_key (path, key))
    {
      md_random_fill (key, sizeof key);
      if (path != NULL)
        write_key (path, key);
    }
  secret = md_secret_new_from_data (key, sizeof key);
  md_wipe (key, sizeof key);
  return secret;
}

/* --- A naming --- */

#define SALT "salt"

/* What the window says, and what becomes of it: "" where nothing is said. */
typedef struct
{
  char *digests[MD_N_NAMED]; /* lower-case hexadecimal */
  char *pseudonyms[MD_N_NAMED];
  char *salt;
} Person;

static void
person_clear (Person *person)
{
  for (gsize i = 0; i < MD_N_NAMED; i++)
    {
      md_wipe_free_text (person->digests[i]);
      g_free (person->pseudonyms[i]);
    }
  md_wipe_free_text (person->salt);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Person, person_clear)

char *
naming_dup_pseudonym (Service *self, MdNamedPart part, GBytes *digest)
{
  const char *id = md_named_part_to_id (part);
  const gsize label = strlen (id) + 1;
  g_autofree guint8 *labelled = g_malloc (label + MD_SHA256_SIZE);
  g_autoptr (GBytes) bytes = NULL;

  memcpy (labelled, id, label);
  memcpy (labelled + label, g_bytes_get_data (digest, NULL), MD_SHA256_SIZE);
  bytes = g_bytes_new_take (g_steal_pointer (&labelled), label + MD_SHA256_SIZE);
  return md_audit_subject_tag (self->day_key, bytes);
}

/* 32 bytes; NULL where nothing is there, or something else: then *OUT_GOOD is FALSE. */
static GBytes *
take_bytes (GVariantDict *dict, const char *name, gboolean *out_good)
{
  g_autoptr (GVariant) value = g_variant_dict_lookup_value (dict, name, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (value == NULL)
    return NULL;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    bytes = g_variant_get_data_as_bytes (value);
  g_variant_dict_remove (dict, name);
  if (bytes != NULL && g_bytes_get_size (bytes) == MD_SHA256_SIZE)
    return g_steal_pointer (&bytes);
  *out_good = FALSE;
  return NULL;
}

/* What is said, and salt, or it could be found out from the manifest. */
static gboolean
read_person (Service *self, GVariant *variant, Person *out_person)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);
  gboolean good = TRUE;
  g_autoptr (GBytes) salt = take_bytes (&dict, SALT, &good);
  g_autoptr (GVariant) rest = NULL;

  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      g_autoptr (GBytes) digest = take_bytes (&dict, md_named_part_to_id (i), &good);

      out_person->digests[i] = digest != NULL ? md_hex_encode_bytes (digest) : g_strdup ("");
      out_person->pseudonyms[i]
          = digest != NULL ? naming_dup_pseudonym (self, i, digest) : g_strdup ("");
      good = good && out_person->pseudonyms[i] != NULL;
    }
  rest = g_variant_ref_sink (g_variant_dict_end (&dict));
  if (!good || salt == NULL || g_variant_n_children (rest) > 0)
    return FALSE;
  out_person->salt = md_hex_encode_bytes (salt);
  return TRUE;
}

/* Somebody by name, or at least by what was shown. Where nobody is identified the contents need
 * not name anybody. */
static gboolean
says_enough (const Person *person, gboolean nobody)
{
  return nobody || *person->digests[MD_NAMED_WHO] != '\0'
         || *person->digests[MD_NAMED_SHOWN] != '\0';
}

/* As the manifest has to say it. Caller owns. */
static char *
bind_person (const char *id, const Person *person)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      g_autofree char *bound = md_named_bind (i, id, person->digests[i], person->salt);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", bound);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
naming_fits (const char *named, char *const said[MD_N_NAMED])
{
  g_auto (GStrv) parts = g_strsplit (named, " ", -1);

  if (g_strv_length (parts) != MD_N_NAMED)
    return FALSE;
  for (guint i = 0; i < MD_N_NAMED; i++)
    if (g_strcmp0 (parts[i], said[i]) != 0)
      return FALSE;
  return TRUE;
}

/* --- What stops it --- */

static const MdHoldKind kinds[MD_OUTBOX_N_DOUBTS] = {
  [MD_OUTBOX_DOUBT_SAME_NAME] = MD_HOLD_SAME_NAME,
  [MD_OUTBOX_DOUBT_BEFORE] = MD_HOLD_BEFORE,
};

/* The salt of what the service itself raises: whoever asks again is told the same. */
static char *
make_salt (Service *self, const char *intake, MdHoldKind kind)
{
  GString *salt = g_string_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text
          = g_strdup_printf ("salt %u\n%s\n%s\n", i, intake, md_hold_kind_to_id (kind));
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autofree char *half = md_audit_subject_tag (self->pseudonym_key, bytes);

      g_string_append (salt, half != NULL ? half : "");
    }
  return g_string_free (salt, FALSE);
}

static char *
today (Service *self)
{
  MdDate day;

  md_date_from_wall_us (md_clock_get_wall_us (self->clock), &day);
  return md_date_format_iso (&day);
}

/* The holds that it raised, for the answer; NULL with ERROR. */
static GVariant *
name (Service *self, const char *id, const Person *person, gboolean nobody,
      const MdAuditEntry *entry, GError **error)
{
  g_autofree char *day = today (self);
  g_autofree char *as = bind_person (id, person);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  MdOutboxNaming naming = { .id = id,
                            .day = day,
                            .as = as,
                            .nobody = nobody,
                            .person = { .who = person->pseudonyms[MD_NAMED_WHO],
                                        .number = person->pseudonyms[MD_NAMED_NUMBER],
                                        .shown = person->pseudonyms[MD_NAMED_SHOWN],
                                        .address = person->pseudonyms[MD_NAMED_ADDRESS] } };
  guint holds[MD_OUTBOX_N_DOUBTS] = { 0 };
  GVariantBuilder builder;

  for (guint i = 0; i < MD_OUTBOX_N_DOUBTS; i++)
    {
      char *salt = make_salt (self, id, kinds[i]);
      char *raised = md_hold_bind (MD_HOLD_TAG_RAISED, id, md_hold_kind_to_id (kinds[i]), salt);

      g_ptr_array_add (made, salt);
      g_ptr_array_add (made, raised);
      naming.raised[i] = raised;
    }
  if (!md_outbox_name_person (self->outbox, &naming, entry, holds, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uss)"));
  for (guint i = 0; i < MD_OUTBOX_N_DOUBTS; i++)
    if (holds[i] != 0)
      g_variant_builder_add (&builder, "(uss)", holds[i], md_hold_kind_to_id (kinds[i]),
                             (const char *)g_ptr_array_index (made, 2 * i));
  return g_variant_builder_end (&builder);
}

static gboolean
name_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         const char *id, GVariant *variant, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "hold");
  g_autoptr (MdOutboxIntake) intake = call_own_intake (self, invocation, officer, id, &entry);
  g_auto (Person) person = { { NULL } };
  GVariant *holds;
  GError *error = NULL;
  gboolean nobody;

  if (intake == NULL)
    return TRUE;
  nobody = waiver_is_given (self, intake->procedure, NULL);
  if (!read_person (self, variant, &person) || !says_enough (&person, nobody))
    {
      call_refuse (self, invocation, &entry, "no-digest",
                   g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                                        _ ("Of whom the intake is was not said in a known form.")));
      return TRUE;
    }
  holds = name (self, id, &person, nobody, &entry, &error);
  if (holds != NULL)
    md_bus_terminal1_complete_name_person (object, invocation, holds);
  else
    call_refuse (self, invocation, &entry, "not-named", error);
  return TRUE;
}

void
naming_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-name-person", G_CALLBACK (name_cb), self);
}
