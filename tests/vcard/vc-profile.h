// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the kinds of card share: the shape of a profile, and answers. */

#include "vc-store.h"

#include <md-apdu.h>

G_BEGIN_DECLS

/* A command on its way through a profile, and the answer that grows. */
typedef struct
{
  MdCommand command;
  MdCommandForm form;
  GByteArray *answer; /* data only; the status word is the function's result */
  guint delay_ms;
} VcExchange;

/* One kind of card. STATE is what it forgets when the power goes. */
typedef struct
{
  const char *name;
  gpointer (*start) (VcStore *store);
  void (*stop) (gpointer state);
  void (*power) (gpointer state, gboolean warm);
  guint16 (*handle) (gpointer state, VcExchange *exchange);
  guint (*count_verified) (gpointer state);
} VcProfile;

extern const VcProfile vc_profile_mynumber;
extern const VcProfile vc_profile_piv;

/* Status words used by more than one profile. */
enum
{
  VC_SW_OK = 0x9000,
  VC_SW_END_OF_FILE = 0x6282,
  VC_SW_TRIES = 0x63C0,
  VC_SW_CRYPTO = 0x66F1,
  VC_SW_LENGTH = 0x6700,
  VC_SW_CHANNEL = 0x6881,
  VC_SW_SECURE_MESSAGING = 0x6882,
  VC_SW_CHAINING = 0x6884,
  VC_SW_FILE_TYPE = 0x6981,
  VC_SW_SECURITY = 0x6982,
  VC_SW_BLOCKED = 0x6983,
  VC_SW_BLOCKED_JICSAP = 0x6984,
  VC_SW_CONDITIONS = 0x6985,
  VC_SW_NO_FILE = 0x6986,
  VC_SW_DATA = 0x6A80,
  VC_SW_NOT_SUPPORTED = 0x6A81,
  VC_SW_NOT_FOUND = 0x6A82,
  VC_SW_RECORD = 0x6A83,
  VC_SW_PARAMETERS = 0x6A86,
  VC_SW_REFERENCE = 0x6A88,
  VC_SW_OFFSET = 0x6B00,
  VC_SW_EXACT_LENGTH = 0x6C00,
  VC_SW_INSTRUCTION = 0x6D00,
  VC_SW_CLASS = 0x6E00,
  VC_SW_FAULT = 0x6F00,
};

/* Signs with KEY: RSA_PADDING is RSA_PKCS1_PADDING or RSA_PKCS1_PSS_PADDING (0 for other keys);
 * HASHED says that INPUT is a SHA-256 digest that the algorithm should know as one. Appends to OUT;
 * FALSE if the key cannot. */
gboolean vc_sign (EVP_PKEY *key, int rsa_padding, gboolean hashed, const guint8 *input, gsize size,
                  GByteArray *out);

G_END_DECLS
