/* rmi/rmi-description-comments-private.h: which comment documents which element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Comments in the form of gdbus-codegen name what they describe ("Reserve: …", with lines "@lines:
 * …" for what is inside it) and stay in force until the next such comment. Any other comment
 * describes the element right behind it, if it has a line of its own. */
typedef struct
{
  char       *symbol;            /* of the last comment that names one; nullable */
  char       *body;
  GHashTable *parameters;        /* "lines" → text */
  char       *plain;             /* nullable: the comment right before what comes next */
  guint       n_newlines;        /* since the last tag or comment */
} RmiDescriptionComments;

RmiDescriptionComments *rmi_description_comments_new       (void);
void                    rmi_description_comments_free      (RmiDescriptionComments *self);
void                    rmi_description_comments_add       (RmiDescriptionComments *self,
                                                            const char             *text);
/* What stands between tags. */
void                    rmi_description_comments_skip_text (RmiDescriptionComments *self,
                                                            const char             *text,
                                                            gsize                   length);
void                    rmi_description_comments_end_tag   (RmiDescriptionComments *self);
/* A start tag: the text for the element @name inside @parent (both nullable), or NULL; (transfer
 * full). @since as doc. */
char                   *rmi_description_comments_take      (RmiDescriptionComments  *self,
                                                            const char              *name,
                                                            const char              *parent,
                                                            char                   **since);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiDescriptionComments, rmi_description_comments_free)

G_END_DECLS
