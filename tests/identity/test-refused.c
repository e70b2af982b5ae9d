// SPDX-License-Identifier: Apache-2.0
// A card service whose rules let this user at the readers and not at a card, or at nothing:
// polkit's access_card and access_pcsc, without which Debian 12 builds its pcscd. The library's
// part is played here: these functions stand before its own.
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <md-identity.h>
#include <string.h>
#include <winscard.h>

#define READER "Reader 00 00"

// What it answers to each; SCARD_S_SUCCESS: as it should.
static LONG at_the_door, at_the_card;
static gint connects;

static GMutex mutex;
static GCond moved;
static gboolean cancelled;

LONG
SCardEstablishContext (DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context)
{
  *context = 1;
  return at_the_door;
}

LONG
SCardReleaseContext (SCARDCONTEXT context)
{
  return SCARD_S_SUCCESS;
}

LONG
SCardListReaders (SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD size)
{
  static const char all[] = READER "\0";
  if (names != NULL)
    memcpy (names, all, sizeof all);
  *size = sizeof all;
  return SCARD_S_SUCCESS;
}

LONG
SCardCancel (SCARDCONTEXT context)
{
  g_mutex_lock (&mutex);
  cancelled = TRUE;
  g_cond_broadcast (&moved);
  g_mutex_unlock (&mutex);
  return SCARD_S_SUCCESS;
}

// A card lies on the reader, and nothing moves.
LONG
SCardGetStatusChange (SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD count)
{
  const gint64 end
      = g_get_monotonic_time () + (gint64)MIN (timeout, 60 * 1000) * G_TIME_SPAN_MILLISECOND;
  gboolean news = FALSE;
  for (DWORD i = 0; i < count; i++)
    {
      const DWORD now
          = strcmp (states[i].szReader, READER) == 0 ? SCARD_STATE_PRESENT : SCARD_STATE_UNAWARE;
      news = news || states[i].dwCurrentState != now;
      states[i].dwEventState = now;
    }
  if (news || timeout == 0)
    return SCARD_S_SUCCESS;
  g_mutex_lock (&mutex);
  while (!cancelled && g_cond_wait_until (&moved, &mutex, end))
    ;
  const LONG rv = cancelled ? SCARD_E_CANCELLED : SCARD_E_TIMEOUT;
  g_mutex_unlock (&mutex);
  return rv;
}

LONG
SCardConnect (SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols, LPSCARDHANDLE card,
              LPDWORD protocol)
{
  g_atomic_int_inc (&connects);
  *card = -1;
  return at_the_card;
}

static void
speak (gboolean japanese)
{
  g_autofree char *catalogue = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "po", NULL);
  g_setenv ("LANGUAGE", japanese ? "ja" : "en", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain ("madoguchi", catalogue);
  bind_textdomain_codeset ("madoguchi", "UTF-8");
  textdomain ("madoguchi");
}

static void
reset (void)
{
  at_the_door = at_the_card = SCARD_S_SUCCESS;
  connects = 0;
  cancelled = FALSE;
}

static const LONG refusals[] = { SCARD_W_SECURITY_VIOLATION, SCARD_E_NO_ACCESS };

static void
assert_words (const GError *error)
{
  static const struct
  {
    gboolean japanese;
    const char *title, *remedy;
  } rows[] = { { FALSE, "This user may not use the card reader.", "allow this user" },
               { TRUE, "カードリーダーを使", "管理者" } };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      speak (rows[i].japanese);
      g_autoptr (MdCardText) text = md_card_text_for_error (error);
      g_assert_nonnull (strstr (text->title, rows[i].title));
      g_assert_nonnull (strstr (text->action, rows[i].remedy));
    }
  speak (FALSE);
}

// It is called what it is, in words for people.
static void
test_class (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
      reset ();
      at_the_card = refusals[i];
      g_assert_null (md_card_connection_open (MD_CARD_BACKEND (backend), READER, NULL, &error));
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION);
      g_assert_cmpstr (md_card_error_nick ((MdCardError)error->code), ==, "no-permission");
      g_assert_nonnull (md_card_error_get_detail (error));
      g_assert_cmpint (connects, <=, 2); // rules do not change by asking
      assert_words (error);
    }
}

static void
on_examined (GObject *source, GAsyncResult *result, gpointer data)
{
  GPtrArray **findings = data;
  *findings = md_card_doctor_examine_finish (result, NULL);
}

static GPtrArray *
examine (void)
{
  g_autoptr (MdPcsc) pcsc = md_pcsc_new ();
  g_autofree char *usb = g_dir_make_tmp ("usb-XXXXXX", NULL);
  GPtrArray *findings = NULL;
  md_pcsc_start (pcsc);
  md_card_doctor_examine_async (pcsc, md_clock_get_system (), usb, NULL, on_examined, &findings);
  while (findings == NULL)
    g_main_context_iteration (NULL, TRUE);
  md_pcsc_stop (pcsc);
  g_rmdir (usb);
  return findings;
}

// The doctor blames the rules, and nothing else; with the rule that is missing, and who writes it.
static void
test_doctor (void)
{
  static const struct
  {
    gboolean japanese, at_the_card;
    const char *what, *remedy, *rule;
  } rows[] = {
    { FALSE, TRUE, "may not use the card in this reader", "administrator", "access_card" },
    { TRUE, TRUE, "カード", "管理者", "access_card" },
    { FALSE, FALSE, "may not use the card service", "administrator", "access_pcsc" },
    { TRUE, FALSE, "カード", "管理者", "access_pcsc" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint blamed = 0;
      reset ();
      speak (rows[i].japanese);
      *(rows[i].at_the_card ? &at_the_card : &at_the_door) = refusals[i % G_N_ELEMENTS (refusals)];
      g_autoptr (GPtrArray) findings = examine ();
      for (guint n = 0; n < findings->len; n++)
        {
          const MdCardFinding *finding = g_ptr_array_index (findings, n);
          if (finding->health != MD_CARD_HEALTH_BAD)
            continue;
          blamed++;
          g_assert_cmpstr (md_card_layer_nick (finding->layer), ==, "permission");
          g_assert_cmpstr (finding->reader, ==, rows[i].at_the_card ? READER : NULL);
          g_assert_nonnull (strstr (finding->what, rows[i].what));
          g_assert_nonnull (strstr (finding->remedy, rows[i].remedy));
          g_assert_nonnull (strstr (finding->command, rows[i].rule));
          g_assert_true (g_str_is_ascii (finding->what) != rows[i].japanese);
        }
      g_assert_cmpuint (blamed, ==, 1);
    }
  speak (FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/refused/class", test_class);
  g_test_add_func ("/identity/refused/doctor", test_doctor);
  return g_test_run ();
}
