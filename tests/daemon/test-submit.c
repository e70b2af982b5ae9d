// SPDX-License-Identifier: Apache-2.0
/* Which containers are accepted, and that they survive. Run by with-world, which sets
 * MADOGUCHI_WORLD. */
#include <string.h>

#include "service-fixture.h"

static void
test_submit (Fixture *f, gconstpointer data)
{
  g_autofree char *intake = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
  service_assert_recorded (f, "submit", "done", "");
  /* It survives whatever happens to the service. */
  service_restart (f, SIGKILL);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
  g_assert_cmpuint (md_bus_terminal1_get_unsent (f->desk->proxy), ==, 1);
  g_assert_cmpuint (md_bus_terminal1_get_approvals_waiting (f->desk->proxy), ==, 1);
}

static void
test_submit_again_after_a_kill (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  service_login (f, "S0001");
  reservation = desk_reserve (f->desk, "care.certification", &error);
  container = desk_seal (f->desk, reservation, 4096, NULL, &error);
  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &intake);
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  g_assert_true (desk_submit (f->desk, intake, container, &first, &error));
  service_restart (f, SIGKILL);
  service_login (f, "S0001");
  g_assert_true (desk_submit (f->desk, intake, container, &second, &error));
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (service_queue_length (f), ==, 1);
}

static void
refused_submission (Fixture *f, const DeskFlaws *flaws, MdBusError code, const char *cause)
{
  g_autoptr (GVariant) reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);

  container = desk_seal (f->desk, reservation, 4096, flaws, &error);
  g_assert_no_error (error);
  g_variant_lookup (reservation, "intake", "s", &intake);
  g_assert_false (desk_submit (f->desk, intake, container, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, (gint)code);
  service_assert_recorded (f, "submit", "refused", detail);
  g_assert_cmpuint (service_queue_length (f), ==, 0);
}

static void
test_refuses_a_wrong_container (Fixture *f, gconstpointer data)
{
  service_login (f, "S0001");
  refused_submission (f, &(DeskFlaws){ .method = "letter" }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "identification");
  refused_submission (f, &(DeskFlaws){ .receipt_number = "001-000999-1" },
                      MD_BUS_ERROR_RESERVATION_MISMATCH, "receipt-number");
  refused_submission (f, &(DeskFlaws){ .no_evidence = TRUE }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "part-missing");
  refused_submission (f, &(DeskFlaws){ .strange_recipient = TRUE }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "wrong-recipient");
}

static gboolean
submitted (Fixture *f, const char *procedure, const DeskFlaws *flaws)
{
  g_autoptr (GVariant) reservation = desk_reserve (f->desk, procedure, NULL);
  g_autoptr (GBytes) container = desk_seal (f->desk, reservation, 4096, flaws, NULL);
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;

  g_assert_nonnull (container);
  g_variant_lookup (reservation, "intake", "s", &intake);
  return desk_submit (f->desk, intake, container, &number, NULL);
}

/* A changed window, which does not stop where it has to: the verdict's word is judged here again,
 * for the procedure, and a refusal says which. */
static void
test_judges_the_verdict_word (Fixture *f, gconstpointer data)
{
  const DeskFlaws deferred = { .verdict = "deferred", .revocation = "none" };

  service_login (f, "S0001");
  refused_submission (f, &(DeskFlaws){ .verdict = "revoked" }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "identification-stopped");
  refused_submission (f, &(DeskFlaws){ .verdict = "face-other", .method = "card-face" },
                      MD_BUS_ERROR_CONTAINER_INVALID, "identification-stopped");
  refused_submission (f, &(DeskFlaws){ .verdict = "fine" }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "identification-unknown");
  refused_submission (f, &(DeskFlaws){ .revocation = "none" }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "identification-contradiction");
  refused_submission (f, &(DeskFlaws){ .method = "card-face" }, MD_BUS_ERROR_CONTAINER_INVALID,
                      "identification-contradiction");
  g_assert_false (submitted (f, "lem.certificate", &deferred));
  service_assert_recorded (f, "submit", "refused", "cause=identification-deferred");
  g_assert_cmpuint (service_queue_length (f), ==, 0);
  g_assert_true (submitted (f, "pension.exemption", &deferred));
  g_assert_true (submitted (f, "lem.certificate", &(DeskFlaws){ 0 }));
  g_assert_cmpuint (service_queue_length (f), ==, 2);
}

/* For the day's confirmation list: what the manifest says of the number, whatever the form is. */
static void
test_number_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) list = NULL;

  service_login (f, "S0001");
  g_assert_true (submitted (f, "pension.exemption", &(DeskFlaws){ 0 }));
  g_assert_true (submitted (f, "pension.exemption", &(DeskFlaws){ .number_missing = TRUE }));
  g_assert_true (md_bus_terminal1_call_list_intakes_sync (f->desk->proxy, f->desk->session, "today",
                                                          &list, NULL, NULL));
  g_assert_cmpuint (g_variant_n_children (list), ==, 2);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (list, i);
      gboolean blank = FALSE;

      g_assert_true (g_variant_lookup (row, "number_blank", "b", &blank));
      g_assert_cmpint (blank, ==, i == 0); /* the newest first */
    }
}

/* Sealed to those whom the policy names for the part: to nobody else, and to all of them. */
static void
test_recipients_exactly (Fixture *f, gconstpointer data)
{
  const char *parts[] = { MD_SEAL_PART_APPLICATION, MD_SEAL_PART_NUMBER, MD_SEAL_PART_EVIDENCE };

  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    refused_submission (f, &(DeskFlaws){ .leaking_part = parts[i] }, MD_BUS_ERROR_CONTAINER_INVALID,
                        "recipients-differ");
  for (gsize i = 0; i < 3; i++)
    refused_submission (f, &(DeskFlaws){ .narrow_part = parts[i] }, MD_BUS_ERROR_CONTAINER_INVALID,
                        "recipients-differ");
  g_free (service_take_in (f));
}

/* A scanned document goes to those who may see the class of its paper, and the manifest says no
 * more of that than whether it is sealed as the individual number is. */
static void
test_scans_by_class (Fixture *f, gconstpointer data)
{
  const DeskFlaws wrong[] = {
    { .scan = "income", .leaking_part = DESK_ATTACHMENT },
    { .scan = "my-number", .leaking_part = DESK_ATTACHMENT },
    { .scan = "income", .narrow_part = DESK_ATTACHMENT },
    { .scan = "income", .scan_readers = MD_SEAL_READERS_NUMBER },
    { .scan = "my-number", .scan_readers = MD_SEAL_READERS_CLASS },
    { .scan = "income", .scan_unsaid = TRUE },
  };

  service_login (f, "S0001");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    refused_submission (f, &wrong[i], MD_BUS_ERROR_CONTAINER_INVALID,
                        i < 3 ? "recipients-differ" : "wrong-recipient");
  g_assert_true (submitted (f, "pension.exemption", &(DeskFlaws){ .scan = "income" }));
  g_assert_true (submitted (f, "pension.exemption", &(DeskFlaws){ .scan = "my-number" }));
}

/* Without the procedures nobody can say who may open what: told at once, and nothing is accepted.
 */
static void
test_no_procedures (Fixture *f, gconstpointer data)
{
  service_set_in_settings (f, "terminal", "forms_dir", f->state);
  service_restart (f, SIGTERM);
  g_assert_cmpstr (md_bus_terminal1_get_trouble (f->desk->proxy), !=, "");
  service_login (f, "S0001");
  refused_submission (f, &(DeskFlaws){ 0 }, MD_BUS_ERROR_FAILED, "recipients");
}

static void
refused_with_a_bit_flipped (Fixture *f, const char *intake, GBytes *container, const char *entry,
                            gsize at)
{
  g_autoptr (MdContainer) parsed = md_container_parse (container, NULL);
  GBytes *contents = md_container_get_entry (parsed, entry);
  gsize size, length;
  const guint8 *bytes = g_bytes_get_data (container, &size);
  const guint8 *place;
  g_autofree guint8 *copy = g_memdup2 (bytes, size);
  g_autoptr (GBytes) altered = NULL;
  g_autofree char *number = NULL;

  g_assert_nonnull (contents);
  place = memmem (bytes, size, g_bytes_get_data (contents, &length), g_bytes_get_size (contents));
  g_assert_nonnull (place);
  copy[(gsize)(place - bytes) + at % length] ^= 1;
  altered = g_bytes_new (copy, size);
  g_assert_false (desk_submit (f->desk, intake, altered, &number, NULL));
}

/* One bit in any entry: never accepted. (The ZIP's own fields, such as an entry's time, carry
 * nothing that counts.) */
static void
test_refuses_altered_bytes (Fixture *f, gconstpointer data)
{
  const char *entries[] = { "mimetype",
                            "manifest.json",
                            MD_SEAL_PART_APPLICATION,
                            MD_SEAL_PART_NUMBER,
                            MD_SEAL_PART_EVIDENCE,
                            "META-INF/ASiCManifest001.xml",
                            "META-INF/signature001.p7s" };
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;

  service_login (f, "S0001");
  reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  container = desk_seal (f->desk, reservation, 1024, NULL, NULL);
  g_variant_lookup (reservation, "intake", "s", &intake);
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    for (gsize k = 0; k < 8; k++)
      refused_with_a_bit_flipped (f, intake, container, entries[i], k * 97 + 11);
  g_assert_cmpuint (service_queue_length (f), ==, 0);
  desk_submit (f->desk, intake, container, &number, &error);
  g_assert_no_error (error);
}

/* A container that another clerk signed and reserved cannot be handed in under this session. */
static void
test_refuses_another_clerks_reservation (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GBytes) container = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;

  service_login (f, "S0001");
  reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  container = desk_seal (f->desk, reservation, 1024, NULL, NULL);
  g_variant_lookup (reservation, "intake", "s", &intake);
  service_login (f, "S0002");
  g_assert_false (desk_submit (f->desk, intake, container, &number, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH);
  service_assert_recorded (f, "submit", "refused", "cause=session");
}

static void
test_refuses_an_unsealed_file (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) reservation = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;
  g_autofree char *number = NULL;
  g_autofree char *state = NULL;
  int handle;

  service_login (f, "S0001");
  reservation = desk_reserve (f->desk, "pension.exemption", NULL);
  g_variant_lookup (reservation, "intake", "s", &intake);
  handle = g_unix_fd_list_append (fds, 0, NULL);
  g_assert_false (md_bus_terminal1_call_submit_intake_sync (
      f->desk->proxy, f->desk->session, intake, g_variant_new_handle (handle), fds, &number, &state,
      NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
}

/* Of the two that wait, the one whose form says so is urgent, though it came later. */
static void
test_immediate (Fixture *f, gconstpointer data)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;

  service_login (f, "S0001");
  g_free (service_take_in (f));
  intake = desk_take_in (f->desk, "lem.acquisition", &error);
  g_assert_no_error (error);
  g_assert_true (md_bus_terminal1_call_queue_list_sync (f->desk->proxy, &rows, NULL, &error));
  g_assert_cmpuint (g_variant_n_children (rows), ==, 2);
  for (gsize i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *id;
      gboolean urgent;

      g_assert_true (g_variant_lookup (row, "intake", "&s", &id));
      g_assert_true (g_variant_lookup (row, "urgent", "b", &urgent));
      g_assert_cmpint (urgent, ==, g_str_equal (id, intake));
    }
}

static void
test_role_decides_who_takes_in (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  service_login (f, "S0101");
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "reserve", "refused", "cause=not-permitted");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/submit/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("submit", test_submit);
  ADD ("submit-again-after-a-kill", test_submit_again_after_a_kill);
  ADD ("refuses-a-wrong-container", test_refuses_a_wrong_container);
  ADD ("judges-the-verdict-word", test_judges_the_verdict_word);
  ADD ("number-missing", test_number_missing);
  ADD ("recipients-exactly", test_recipients_exactly);
  ADD ("scans-by-class", test_scans_by_class);
  ADD ("no-procedures", test_no_procedures);
  ADD ("refuses-altered-bytes", test_refuses_altered_bytes);
  ADD ("refuses-another-clerks-reservation", test_refuses_another_clerks_reservation);
  ADD ("refuses-an-unsealed-file", test_refuses_an_unsealed_file);
  ADD ("immediate", test_immediate);
  ADD ("role-decides-who-takes-in", test_role_decides_who_takes_in);
  return service_run ();
}
