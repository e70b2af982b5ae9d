// SPDX-License-Identifier: Apache-2.0
// Readers that come while they are counted, and as many as the service can have. The library's part
// is played here: these functions stand before its own.
#include <md-pcsc.h>
#include <string.h>
#include <winscard.h>

#define ONE "A\0"
#define TWO "A\0B\0"

static guint arrivals; // readers that come between the size and the names, one call each
static guint calls;
static gboolean full; // the service has no room for one more
static guint changed; // the entry that tells of a change

LONG
SCardEstablishContext (DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context)
{
  *context = 1;
  return SCARD_S_SUCCESS;
}

LONG
SCardReleaseContext (SCARDCONTEXT context)
{
  return SCARD_S_SUCCESS;
}

LONG
SCardListReaders (SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD size)
{
  const DWORD needed = full            ? 3 * PCSCLITE_MAX_READERS_CONTEXTS + 1
                       : arrivals == 0 ? sizeof TWO
                                       : sizeof ONE;
  calls++;
  if (names == NULL)
    {
      *size = needed;
      return SCARD_S_SUCCESS;
    }
  if (arrivals > 0)
    {
      arrivals--;
      *size = sizeof TWO;
      return SCARD_E_INSUFFICIENT_BUFFER;
    }
  g_assert_cmpuint (*size, >=, needed);
  if (full)
    {
      for (guint i = 0; i < PCSCLITE_MAX_READERS_CONTEXTS; i++)
        g_snprintf (names + 3 * i, 3, "%02u", i);
      names[needed - 1] = '\0';
      return SCARD_S_SUCCESS;
    }
  memcpy (names, TWO, sizeof TWO);
  *size = needed;
  return SCARD_S_SUCCESS;
}

LONG
SCardGetStatusChange (SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD count)
{
  if (count > PCSCLITE_MAX_READERS_CONTEXTS)
    return SCARD_E_INVALID_VALUE;
  for (DWORD i = 0; i < count; i++)
    states[i].dwEventState = i == changed ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
  return SCARD_S_SUCCESS;
}

// A service that has all the readers that it can have: none of them is left out.
static void
test_full (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (GError) error = NULL;
  full = TRUE;
  changed = G_MAXUINT;
  g_auto (GStrv) names = md_card_backend_list (MD_CARD_BACKEND (backend), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, PCSCLITE_MAX_READERS_CONTEXTS);
  g_autoptr (MdCardSnapshot) empty
      = md_card_backend_watch (MD_CARD_BACKEND (backend), NULL, NULL, &error);
  g_assert_no_error (error);
  changed = PCSCLITE_MAX_READERS_CONTEXTS - 1;
  g_autoptr (MdCardSnapshot) card
      = md_card_backend_watch (MD_CARD_BACKEND (backend), empty, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (card->readers->len, ==, PCSCLITE_MAX_READERS_CONTEXTS);
  const MdCardReaderState *last = md_card_snapshot_find (card, "15");
  g_assert_nonnull (last);
  g_assert_cmpint (last->slot, ==, MD_CARD_SLOT_PRESENT);
  full = FALSE;
}

static void
test_one_came (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (GError) error = NULL;
  arrivals = 1;
  g_auto (GStrv) names = md_card_backend_list (MD_CARD_BACKEND (backend), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *joined = g_strjoinv (",", names);
  g_assert_cmpstr (joined, ==, "A,B");
}

// A service that never gets it right is not asked for ever.
static void
test_no_end (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  g_autoptr (GError) error = NULL;
  arrivals = G_MAXUINT;
  calls = 0;
  g_auto (GStrv) names = md_card_backend_list (MD_CARD_BACKEND (backend), NULL, &error);
  g_assert_null (names);
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_FAILED);
  g_assert_cmpuint (calls, <, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pcsc/pcsc-crowd/one-came", test_one_came);
  g_test_add_func ("/pcsc/pcsc-crowd/full", test_full);
  g_test_add_func ("/pcsc/pcsc-crowd/no-end", test_no_end);
  return g_test_run ();
}
