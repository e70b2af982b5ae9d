// SPDX-License-Identifier: Apache-2.0
// The product's own conversation on the reader of mishaps: what the counter does with a resident's
// card, with trust, authorities and revocation list out of the policy of the ward.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

typedef struct _MishapProduct MishapProduct;

MishapProduct *mishap_product_new (void);
void mishap_product_free (MishapProduct *self);

// What is presented by a drive; borrowed.
typedef struct
{
  Drive drive;
  MdSecret *text;     // DRIVE_PIN, DRIVE_PAD, DRIVE_SIGN
  MdSecret *auth;     // DRIVE_PIN, DRIVE_PAD
  MdSecret *password; // DRIVE_SIGN
  MdSecret *front;    // DRIVE_FACE; one of them may be NULL
  MdSecret *back;
  gboolean confirmed;
} MishapWords;

// Identifies who lies on CONNECTION, or fails as the counter would; the steps that it tells of are
// added to TOLD. (transfer full)
MdIdentityProof *mishap_product_run (MishapProduct *self, MdCardConnection *connection,
                                     const MishapWords *words, GString *told, GError **error);

// Its identifier, for another thread's use; and what is asked of it (transfer full). Borrowed.
MdIdentifier *mishap_product_get_identifier (MishapProduct *self);
MdIdentifyRequest mishap_product_get_request (MishapProduct *self, const MishapWords *words);

// Faults of the product that the matrix must notice: as if its code had them.
typedef enum
{
  PRODUCT_AS_IT_IS,
  PRODUCT_KNOWS_NOBODY,     // nobody is known who could have signed the card's record
  PRODUCT_IGNORES_RECORD,   // the card's record may say what it wants
  PRODUCT_IGNORES_PROOF,    // so may the signature of the challenge,
  PRODUCT_IGNORES_ISSUER,   // and the one of the certificate
  PRODUCT_TAKES_ANY_SIGNER, // the signature certificate may be another person's than the text
  PRODUCT_BELIEVES_PAD,     // a keypad's word is taken for the card's
  PRODUCT_TELLS_TOO_MUCH,   // of a step that came to no end it is told that it did
  N_PRODUCTS,
} ProductFault;

void mishap_product_set_fault (MishapProduct *self, ProductFault fault);

// VERDICT, as the product with its fault gives it.
MdIdentityVerdict mishap_product_judge (MishapProduct *self, Drive drive,
                                        MdIdentityVerdict verdict);

// The verdict on a card and a person with whom everything is right.
MdIdentityVerdict mishap_product_get_clean (Drive drive);

G_END_DECLS
