// SPDX-License-Identifier: Apache-2.0
// A resident's card that is made of a transcript, recognised.
#pragma once

#include "script-backend.h"

G_BEGIN_DECLS

// How every conversation begins.
#define OPENING                                                                                    \
  "> 00A40000\n< 6A86\n"                                                                           \
  "> 00A4040C0AD392F000260100000001\n< 9000\n"
#define SELECT_TEXT "> 00A4040C0AD3921000310001010408\n< 9000\n"
#define SELECT_COMMON "> 00A4040C0AD3921000310001010100\n< 9000\n> 00A4020C020001\n< 9000\n"
#define SELECT_MANAGER "> 00A4040C07A0000001510000\n< 9000\n"
// Nothing by which it could be known, but its place.
#define NAMELESS                                                                                   \
  "> 00A4020C02000A\n< 6A82\n"                                                                     \
  "> 00A4040C0AD3921000310001010100\n< 6A82\n"                                                     \
  "> 00A4040C07A0000001510000\n< 6A82\n"                                                           \
  "> 00A4040C0AD392F000260100000001\n< 9000\n"
#define SELECT_0011 "> 00A4020C020011\n< 9000\n"
#define SELECT_0018 "> 00A4020C020018\n< 9000\n"

typedef struct
{
  ScriptBackend *backend;
  MdMyNumberCard *card;
} MyNumberFixture;

// A recognised card that goes on with TRANSCRIPT.
void mynumber_set_up (MyNumberFixture *f, const char *transcript);

// Demands that everything was said.
void mynumber_tear_down (MyNumberFixture *f);

// (transfer full)
MdSecret *mynumber_secret (const char *text);

// LENGTH bytes (280 to 65535) whose lengths add up as those of a certificate do.
void mynumber_make_certificate (guint8 *der, gsize length);

G_END_DECLS
