// SPDX-License-Identifier: Apache-2.0
// Card on the reader to verified identity, on pcscd, vpcd and the virtual card. Runs inside
// `tests/isolated with-world --cards --ocsp`.
//
// As the window has it: a memory of the card, and the authorities who sign what cards hold.
// "own" is the wall time less what passed inside PC/SC (connecting and commands): parsing, path,
// revocation, checking the signature, the evidence.
#include "bench-reader.h"

#define OWN_BAR_MS 5.0

static BenchSample
identify_once (MdPcscBackend *backend, MdIdentifier *identifier, MdCardMemory *memory)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (NULL, NULL);
  BenchCard before = bench_card ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (MdCardConnection) connection = bench_open (backend);
  md_card_connection_set_memory (connection, memory);
  g_autoptr (MdIdentityProof) proof
      = md_identifier_identify (identifier, connection, &request, NULL, &error);
  if (proof == NULL || md_identity_proof_get_verdict (proof) != MD_IDENTITY_VALID)
    g_error ("not valid: %s",
             error != NULL ? error->message : md_identity_proof_get_detail (proof));
  g_autoptr (MdSecret) evidence = md_identity_proof_encode (proof);
  gint64 wall = g_get_monotonic_time () - start;
  gint64 pcsc = md_card_connection_get_card_usec (connection);
  md_identify_request_clear (&request);
  return bench_since (&before, (double)wall / 1000, (double)pcsc / 1000);
}

static MdCardAuthorities *
known_authorities (void)
{
  g_autoptr (MdPolicy) policy = ward_policy ();
  g_autoptr (GError) error = NULL;
  MdCardAuthorities *authorities = md_card_authorities_new_from_policy (policy, &error);
  if (authorities == NULL)
    g_error ("%s", error->message);
  return authorities;
}

static int
measure (MdPcscBackend *backend, WardRevocation how, const char *name)
{
  BenchSample samples[BENCH_RUNS];
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_autoptr (MdRevocation) revocation = ward_revocation (how);
  md_revocation_set_ocsp_enabled (revocation, how == WARD_OCSP);
  g_autoptr (MdIdentifier) identifier
      = md_identifier_new (trust, revocation, md_clock_get_system ());
  g_autoptr (MdCardAuthorities) authorities = known_authorities ();
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  md_identifier_set_card_authorities (identifier, authorities);
  (void)identify_once (backend, identifier, memory);
  for (gsize i = 0; i < BENCH_RUNS; i++)
    samples[i] = identify_once (backend, identifier, memory);
  BenchMedians m = bench_medians (samples, BENCH_RUNS);
  g_print ("card: identification with %s: %u commands, %.2f ms: own %.2f ms, inside PC/SC %.2f ms, "
           "of which the card's answers %.2f ms; all of it %.2f of the card's answers\n",
           name, m.commands, m.wall_ms, m.own_ms, m.pcsc_ms, m.card_ms, m.wall_ms / m.card_ms);
  return bench_hold ("card: own milliseconds", m.own_ms, OWN_BAR_MS);
}

int
main (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  bench_put_in ("tanaka");
  (void)measure (backend, WARD_CRL, "CRL");
  return measure (backend, WARD_OCSP, "OCSP");
}
