/** git's own rules for branch names (git-check-ref-format), as far as they can be told from the text. */
export const BAD_BRANCH = /(^[-/.])|(\.\.)|(\/[./])|(@\{)|[\s~^:?*[\\]|(\.lock$)|([/.]$)|(^@$)/;
