// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-seal.h>
#include "pki-maker.h"

/* seal-maker: a small office (staff authority, clerk, supervisor, business key) and its containers.
 */

#define MAKER_POLICY_DIGEST "5f0c7d7b2d1b8f6f6c2b7b40a1d3bb3c1f9e3ad3d6a0d3d0a7a7d9c0f1e2d3c4"
#define MAKER_INTAKE "01932c5e-7b2a-7c3d-8e4f-0123456789ab"
#define MAKER_OTHER_INTAKE "01932c5e-7b2a-7c3d-8e4f-0123456789ac"

typedef struct
{
  MakerIdentity *staff_ca;
  MakerIdentity *clerk;      /* S0001 */
  MakerIdentity *supervisor; /* S0101 */
  MakerIdentity *business;
  MakerIdentity *vault;
  MdKey *clerk_key;
  MdKey *supervisor_key;
  MdKey *business_key;
  MdTrust *trust;
} Office;

void office_set_up (Office *office, gconstpointer data);
void office_tear_down (Office *office, gconstpointer data);

MdManifest *office_manifest (const char *intake);
GBytes *office_make (Office *office, const char *intake, MdKey *key, MakerIdentity *clerk);
MdContainer *office_container (Office *office);

/** An approval by S0101, to be changed by the test before it is signed. */
MdDecision *office_approval (void);
