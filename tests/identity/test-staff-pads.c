// SPDX-License-Identifier: Apache-2.0
// The officer's PIN at the keypad of the staff reader, honest and lying: the driver of tests/ifd in
// the real pcscd. Runs inside `tests/isolated with-world --pads --ocsp`.
#include "pad-fixture.h"

#include <locale.h>
#include <string.h>

#define HERE MD_CARD_ROLE_STAFF
#define PIN "123456"

static void
staff_pad (const char *order)
{
  g_autofree char *answer = tell ("pad-staff", order);
}

static void
staff_card (const char *order)
{
  g_autofree char *answer = tell ("vcard-staff.sock", order);
}

static gboolean
staff_pad_waits (void)
{
  g_autofree char *answer = tell ("pad-staff", "status");
  return strstr (answer, "waiting=yes") != NULL;
}

// Entries asked for at the keypad, PINs that went from it to the card.
static void
assert_staff_pad (Count *inout_count, guint asked, guint sent)
{
  Count now = count_of ("pad-staff");
  g_assert_cmpuint (now.asked - inout_count->asked, ==, asked);
  g_assert_cmpuint (now.sent - inout_count->sent, ==, sent);
  *inout_count = now;
}

static void
put_in_staff (Fixture *f)
{
  g_autofree char *path = ward_path ("cards", "staff-S0001", NULL);
  g_autofree char *text = g_strconcat ("insert ", path, NULL);
  staff_card ("remove");
  await (!has_card (f, HERE));
  staff_card (text);
  await (has_card (f, HERE));
}

// --- What the officer does ---

typedef struct
{
  MdStaffSlot slot;
  MdStaffEntry entry;
  guint signatures;
} Work;

static gboolean
open_something (MdKey *key, MdCertificate *certificate, GError **error)
{
  static const guint8 clear[6] = "sealed";
  g_autoptr (GPtrArray) to = g_ptr_array_new ();
  g_ptr_array_add (to, certificate);
  g_autoptr (GBytes) sealed = md_cms_seal (clear, sizeof clear, to, error);
  g_autoptr (GBytes) opened = sealed != NULL ? md_cms_open (sealed, key, certificate, error) : NULL;
  return opened != NULL && g_bytes_get_size (opened) == sizeof clear;
}

static gpointer
work (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  const Work *order = data;
  guint8 digest[32] = { 1, 2, 3 };
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = card != NULL ? md_staff_key_new (card, order->slot, &order->entry,
                                                           &certificate, cancellable, error)
                                       : NULL;
  if (key == NULL)
    return NULL;
  if (order->slot == MD_STAFF_SLOT_OPEN)
    return open_something (key, certificate, error) ? g_strdup ("opened") : NULL;
  for (guint i = 0; i < order->signatures; i++)
    {
      g_autoptr (GBytes) signature = md_key_sign_digest (key, digest, error);
      if (signature == NULL
          || !md_certificate_verify_digest (certificate, digest, signature, error))
        return NULL;
    }
  return g_strdup ("signed");
}

static void
begin (Fixture *f, Work *order, Answer *answer)
{
  MdCardJob job = { .reader = DESK_PAD, .func = work, .data = order, .result_free = g_free };
  md_pcsc_run_async (f->pcsc, &job, NULL, on_run, answer);
}

static gboolean
do_work (Fixture *f, Work order, GError **error)
{
  Answer answer = { 0 };
  begin (f, &order, &answer);
  await (answer.done);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  g_free (answer.result);
  return answer.error == NULL;
}

static void
assert_fails (Fixture *f, gboolean confirmed, int code, int tries)
{
  g_autoptr (GError) error = NULL;
  const Work order
      = { .slot = MD_STAFF_SLOT_SIGN, .entry = { .last_try = confirmed }, .signatures = 1 };
  g_assert_false (do_work (f, order, &error));
  g_assert_error (error, MD_CARD_ERROR, code);
  g_assert_cmpint (md_card_error_get_tries (error), ==, tries);
  g_assert_cmpint (md_card_error_get_pin (error), ==, MD_CARD_PIN_STAFF);
}

static void
assert_works (Fixture *f, Work order)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (do_work (f, order, &error));
  g_assert_no_error (error);
}

static void
last_try_works (Fixture *f)
{
  staff_pad ("type " PIN);
  assert_works (
      f, (Work){ .slot = MD_STAFF_SLOT_SIGN, .entry = { .last_try = TRUE }, .signatures = 1 });
}

// --- The tests ---

static void
test_keypad_is_used (Fixture *f, gconstpointer data)
{
  Count before = count_of ("pad-staff");
  put_in_staff (f);
  for (int i = 0; i < 2; i++)
    staff_pad ("type " PIN);
  assert_works (f, (Work){ .slot = MD_STAFF_SLOT_SIGN, .signatures = 2 });
  assert_staff_pad (&before, 2, 2); // before each signature
  staff_pad ("type " PIN);
  assert_works (f, (Work){ .slot = MD_STAFF_SLOT_OPEN });
  assert_staff_pad (&before, 1, 1);
}

static void
test_what_the_officer_does (Fixture *f, gconstpointer data)
{
  Count before = count_of ("pad-staff");
  put_in_staff (f);
  staff_pad ("press cancel");
  assert_fails (f, FALSE, MD_CARD_ERROR_PAD_CANCELLED, 3);
  staff_pad ("walk-away");
  assert_fails (f, FALSE, MD_CARD_ERROR_PAD_TIMEOUT, 3);
  staff_pad ("type 1234");
  assert_fails (f, FALSE, MD_CARD_ERROR_PIN_FORMAT, 3);
  assert_staff_pad (&before, 3, 0); // none of these costs a try
  staff_pad ("type 99999999");
  assert_fails (f, FALSE, MD_CARD_ERROR_PIN_WRONG, 2);
  staff_pad ("type 999999");
  assert_fails (f, FALSE, MD_CARD_ERROR_PIN_WRONG, 1);
  assert_staff_pad (&before, 2, 2);
  last_try_works (f); // and gives the tries back
}

// The keypad is not even asked before the officer has confirmed; and a word holds for one entry.
static void
test_last_try_at_the_keypad (Fixture *f, gconstpointer data)
{
  put_in_staff (f);
  for (int tries = 2; tries > 0; tries--)
    {
      staff_pad ("type 999999");
      assert_fails (f, FALSE, MD_CARD_ERROR_PIN_WRONG, tries);
    }
  Count before = count_of ("pad-staff");
  for (int i = 0; i < 2; i++)
    assert_fails (f, FALSE, MD_CARD_ERROR_PIN_LAST_TRY, 1);
  assert_staff_pad (&before, 0, 0);
  staff_pad ("press cancel");
  assert_fails (f, TRUE, MD_CARD_ERROR_PAD_CANCELLED, 1);
  assert_fails (f, FALSE, MD_CARD_ERROR_PIN_LAST_TRY, 1);
  last_try_works (f);
  assert_staff_pad (&before, 2, 1);
}

// No try is lost, nothing is sent twice, and the keys on the screen take over.
static void
test_lying_keypads (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *lie;
    guint sent;
    int tries;
  } rows[] = {
    { "lie unsupported", 0, 3 }, { "lie status 6982", 0, 3 },
    { "lie status 6983", 0, 3 }, { "lie deaf", 0, MD_CARD_TRIES_UNKNOWN },
    { "lie fault-after", 1, 3 },
  };
  g_autoptr (MdSecret) pin = md_secret_new_from_text (PIN);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].lie);
      put_in_staff (f);
      Count before = count_of ("pad-staff");
      staff_pad (rows[i].lie);
      if (rows[i].sent > 0)
        staff_pad ("type " PIN);
      assert_fails (f, FALSE, MD_CARD_ERROR_PAD_FAILED, rows[i].tries);
      assert_fails (f, FALSE, MD_CARD_ERROR_PAD_FAILED, MD_CARD_TRIES_UNKNOWN);
      assert_staff_pad (&before, 1, rows[i].sent); // not asked again
      assert_works (f,
                    (Work){ .slot = MD_STAFF_SLOT_SIGN, .entry = { .pin = pin }, .signatures = 1 });
      staff_pad ("lie none");
      staff_pad ("unplug");
      await (reader_of (f, HERE) == NULL);
      staff_pad ("plug");
      await (has_card (f, HERE));
    }
}

static void
test_card_gone_at_the_keypad (Fixture *f, gconstpointer data)
{
  Answer answer = { 0 };
  Work order = { .slot = MD_STAFF_SLOT_SIGN, .signatures = 1 };
  put_in_staff (f);
  begin (f, &order, &answer);
  await (staff_pad_waits ());
  staff_card ("remove");
  staff_pad ("type " PIN);
  await (answer.done);
  g_assert_error (answer.error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED);
  g_clear_error (&answer.error);
  put_in_staff (f);
  staff_pad ("type " PIN);
  assert_works (f, order);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  setup (f, data);
  staff_pad ("features verify modify tlv");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  staff_pad ("lie none");
  staff_card ("remove");
  teardown (f, data);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/identity/staff-pads/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("keypad-is-used", test_keypad_is_used);
  ADD ("what-the-officer-does", test_what_the_officer_does);
  ADD ("last-try", test_last_try_at_the_keypad);
  ADD ("lying-keypads", test_lying_keypads);
  ADD ("card-gone", test_card_gone_at_the_keypad);
  return g_test_run ();
}
