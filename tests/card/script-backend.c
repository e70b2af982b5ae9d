// SPDX-License-Identifier: Apache-2.0
#include "script-backend.h"

#include <string.h>

struct _ScriptBackend
{
  GObject parent_instance;

  GPtrArray *lines; // of char*, first character is the kind
  guint position;
  gboolean lenient;
  char *complaint; // the first one of a lenient script
  guint connected;
  guint disconnected;
  MdCardLink link; // what to answer to connecting
  MdTestClock *clock;
  gint64 answer_usec; // what an answer takes by CLOCK
  ScriptLook look;
  gpointer look_data;
};

static void script_backend_iface_init (MdCardBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptBackend, script_backend, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CARD_BACKEND,
                                                      script_backend_iface_init))

static void
script_backend_finalize (GObject *object)
{
  g_ptr_array_unref (SCRIPT_BACKEND (object)->lines);
  g_free (SCRIPT_BACKEND (object)->complaint);
  g_clear_object (&SCRIPT_BACKEND (object)->clock);
  G_OBJECT_CLASS (script_backend_parent_class)->finalize (object);
}

static void
script_backend_class_init (ScriptBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = script_backend_finalize;
}

static void
script_backend_init (ScriptBackend *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
}

// The line that comes next, which stays there.
static const char *
peek_line (const ScriptBackend *self)
{
  return self->position < self->lines->len ? g_ptr_array_index (self->lines, self->position)
                                           : "end";
}

static const char *
next_line (ScriptBackend *self)
{
  const char *line = peek_line (self);
  self->position++;
  return line;
}

// Ends the test, unless the script is a lenient one: then the card fails, and all of it is over.
static gboolean
complain (ScriptBackend *self, const char *said, const char *expected, GError **error)
{
  if (!self->lenient)
    g_error ("said: %s, expected: %s", said, expected);
  if (self->complaint == NULL)
    self->complaint = g_strdup_printf ("said: %s, expected: %s", said, expected);
  md_card_error_set (error, MD_CARD_ERROR_FAILED);
  return FALSE;
}

// Whether TEXT is what the line says; a dot in the line stands for any character.
static gboolean
fits (const char *line, const char *text)
{
  while (*line != '\0' && (*line == '.' ? *text != '\0' : *line == *text))
    {
      line++;
      text++;
    }
  return *line == '\0' && *text == '\0';
}

static GStrv
script_backend_list (MdCardBackend *backend, GCancellable *cancellable, GError **error)
{
  GStrv names = g_new0 (char *, 2);
  names[0] = g_strdup (SCRIPT_READER);
  return names;
}

static gboolean
fail_as_told (const char *nick, GError **error)
{
  for (int code = 0; code <= MD_CARD_ERROR_FAILED; code++)
    if (g_str_equal (md_card_error_nick ((MdCardError)code), nick))
      {
        md_card_error_set (error, (MdCardError)code);
        return FALSE;
      }
  g_error ("no error is called %s", nick);
}

static gboolean
script_backend_connect (MdCardBackend *backend, const char *reader, MdCardLink *out_link,
                        GCancellable *cancellable, GError **error)
{
  ScriptBackend *self = SCRIPT_BACKEND (backend);
  g_assert_cmpstr (reader, ==, SCRIPT_READER);
  if (*peek_line (self) == '!')
    return fail_as_told (next_line (self) + 1, error);
  self->connected++;
  *out_link = self->link;
  out_link->handle = self->connected;
  out_link->events = self->connected;
  return TRUE;
}

// Demands that MARK and the command come next, and gives the answer to it.
static gboolean
play (ScriptBackend *self, const MdCardLink *link, const char *mark, MdCardExchange *exchange,
      GError **error)
{
  g_assert_cmpuint (link->handle, ==, self->connected);
  if (self->look != NULL)
    self->look (exchange, self->look_data);
  g_autofree char *hex = md_hex_encode (exchange->command, exchange->command_length);
  g_autofree char *said = g_ascii_strup (hex, -1);
  g_autofree char *command = g_strconcat (mark, said, NULL);
  if (self->complaint != NULL || !fits (peek_line (self), command))
    return complain (self, command, peek_line (self), error);

  self->position++;
  const char *answer = next_line (self);
  if (self->clock != NULL)
    md_test_clock_advance_us (self->clock, self->answer_usec);
  if (answer[0] == '!')
    return fail_as_told (answer + 1, error);
  g_assert_cmpint (answer[0], ==, '<');
  g_autoptr (GBytes) bytes = md_hex_decode (answer + 1, error);
  g_assert_nonnull (bytes);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_assert_cmpuint (length, <=, exchange->response_size);
  if (length > 0)
    memcpy (exchange->response, data, length);
  exchange->response_length = length;
  return TRUE;
}

static gboolean
script_backend_transmit (MdCardBackend *backend, const MdCardLink *link, MdCardExchange *exchange,
                         GCancellable *cancellable, GError **error)
{
  return play (SCRIPT_BACKEND (backend), link, ">", exchange, error);
}

static gboolean
script_backend_control (MdCardBackend *backend, const MdCardLink *link, guint32 code,
                        MdCardExchange *exchange, GCancellable *cancellable, GError **error)
{
  g_autofree char *mark = g_strdup_printf ("=%08X", code);
  return play (SCRIPT_BACKEND (backend), link, mark, exchange, error);
}

static void
script_backend_disconnect (MdCardBackend *backend, const MdCardLink *link)
{
  SCRIPT_BACKEND (backend)->disconnected++;
}

static MdCardSnapshot *
script_backend_watch (MdCardBackend *backend, const MdCardSnapshot *known,
                      GCancellable *cancellable, GError **error)
{
  md_card_error_set (error, MD_CARD_ERROR_UNSUPPORTED);
  return NULL;
}

static void
script_backend_iface_init (MdCardBackendInterface *iface)
{
  iface->list = script_backend_list;
  iface->connect = script_backend_connect;
  iface->transmit = script_backend_transmit;
  iface->disconnect = script_backend_disconnect;
  iface->watch = script_backend_watch;
  iface->control = script_backend_control;
}

void
script_backend_set_look (ScriptBackend *self, ScriptLook look, gpointer data)
{
  self->look = look;
  self->look_data = data;
}

void
script_backend_add (ScriptBackend *self, const char *transcript)
{
  g_auto (GStrv) lines = g_strsplit (transcript, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);
      g_autofree char *line = g_strjoinv ("", words);
      if (line[0] != '\0' && line[0] != '#')
        g_ptr_array_add (self->lines, g_steal_pointer (&line));
    }
}

ScriptBackend *
script_backend_new (const char *transcript)
{
  ScriptBackend *self = g_object_new (SCRIPT_TYPE_BACKEND, NULL);
  script_backend_add (self, transcript);
  return self;
}

void
script_backend_set_clock (ScriptBackend *self, MdTestClock *clock, gint64 answer_usec)
{
  g_set_object (&self->clock, clock);
  self->answer_usec = answer_usec;
}

void
script_backend_set_link (ScriptBackend *self, const char *atr, gsize apdu_max)
{
  g_autoptr (GBytes) bytes = md_hex_decode (atr, NULL);
  self->link.atr_length = g_bytes_get_size (bytes);
  g_assert_cmpuint (self->link.atr_length, <=, sizeof self->link.atr);
  memcpy (self->link.atr, g_bytes_get_data (bytes, NULL), self->link.atr_length);
  self->link.reader_apdu_max = apdu_max;
}

MdCardConnection *
script_backend_open (ScriptBackend *self)
{
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (self), SCRIPT_READER, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

void
script_backend_set_lenient (ScriptBackend *self)
{
  self->lenient = TRUE;
}

char *
script_backend_get_complaint (ScriptBackend *self)
{
  if (self->complaint != NULL)
    return g_strdup (self->complaint);
  return self->position < self->lines->len ? g_strdup_printf ("not said: %s", peek_line (self))
                                           : NULL;
}

void
script_backend_assert_done (ScriptBackend *self)
{
  if (self->position < self->lines->len)
    g_error ("not said: %s", peek_line (self));
  g_assert_cmpuint (self->connected, ==, self->disconnected);
}
