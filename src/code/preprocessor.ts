/** A preprocessor line of C, C# or Swift, with the lines that continue it. Sticky. */
export const preprocessor =
  /#(?<=^[ \t]*#)[ \t]*(?:if|ifdef|ifndef|elif|elseif|else|endif|define|undef|include|import|pragma|region|endregion|error|warning|line)\b(?:\\\r?\n|.)*/my;
