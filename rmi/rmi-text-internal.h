/* rmi/rmi-text-internal.h: the inside of JSON strings, and of messages for people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What reading and writing strings fast has in common: finding the next byte that is not plain.
 * Plain is ASCII from the space on, without the quote and the backslash.
 */
#pragma once

#include <string.h>

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

/* Reads the UTF-8 character of two to four bytes at @p: the end of it, or NULL if it is not valid. */
const char *rmi_text_next_utf8 (const char *p,
                                const char *end);

/* What a terminal obeys instead of showing it: C0, DEL and C1. The bytes it has at @p, 0 if there is none; in @code which one. */
guint       rmi_text_match_control (const char *p,
                                    const char *end,
                                    guint      *code);
/* Controls but newlines and tabs become visible, `\u001b`: messages with words of a peer are printed by programs that trust them. */
void        rmi_text_append_shown  (GString    *out,
                                    const char *text,
                                    gsize       length);
/* The same in place. */
void        rmi_text_show          (char      **text);

static inline gboolean
rmi_text_is_plain (char c)
{
  return (signed char) c >= 0x20 && c != '"' && c != '\\';
}

#define RMI_TEXT_ONES (G_MAXUINT64 / 255)

/* Whether all of eight bytes are plain. */
static inline gboolean
rmi_text_are_plain (guint64 bytes)
{
  guint64 quotes = bytes ^ (RMI_TEXT_ONES * '"');
  guint64 backslashes = bytes ^ (RMI_TEXT_ONES * '\\');
  guint64 special = (bytes - RMI_TEXT_ONES * 0x20) | (quotes - RMI_TEXT_ONES)
                    | (backslashes - RMI_TEXT_ONES) | bytes;

  return (special & (RMI_TEXT_ONES * 0x80)) == 0;
}

#ifdef __SSE2__
/* A bit for each of sixteen bytes that is not plain. */
static inline guint
rmi_text_find_special (__m128i bytes)
{
  /* signed: bytes from 0x80 on are negative */
  __m128i special = _mm_cmplt_epi8 (bytes, _mm_set1_epi8 (0x20));

  special = _mm_or_si128 (special, _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')));
  special = _mm_or_si128 (special, _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\')));
  return _mm_movemask_epi8 (special);
}
#endif

/* The first byte from @p on that is not plain, or @end. */
static inline const char *
rmi_text_skip_plain (const char *p,
                     const char *end)
{
#ifdef __SSE2__
  for (; end - p >= 16; p += 16)
    {
      guint special = rmi_text_find_special (_mm_loadu_si128 ((const __m128i *) p));

      if (special != 0)
        return p + __builtin_ctz (special);
    }
#endif
  for (; end - p >= 8; p += 8)
    {
      guint64 bytes;

      memcpy (&bytes, p, 8);
      if (!rmi_text_are_plain (bytes))
        break;
    }
  while (p < end && rmi_text_is_plain (*p))
    p++;
  return p;
}

/* The first quote or backslash from @p on, in text that has one. */
static inline const char *
rmi_text_find_quote (const char *p,
                     const char *end)
{
#ifdef __SSE2__
  for (; end - p >= 16; p += 16)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) p);
      guint found = _mm_movemask_epi8 (_mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')),
                                                     _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'))));

      if (found != 0)
        return p + __builtin_ctz (found);
    }
#endif
  while (*p != '"' && *p != '\\')
    p++;
  return p;
}

G_END_DECLS
