-- Closed days, numbered without gaps. A row is never changed; its hash stands in the audit log, too.
CREATE TABLE day_closing (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  body TEXT NOT NULL,                    -- the report as canonical JSON, frozen
  sha256 TEXT NOT NULL,                  -- of the body
  seal BLOB
) STRICT;

-- What the audit log says of closes is asked for by their subjects; all else is left out of this index.
CREATE INDEX audit_of_closings ON audit (subject) WHERE substr(subject, 1, 10) = 'day close ';

-- No day is closed while somebody pays, and drafts are few among a season of sales.
CREATE INDEX sale_draft ON sale (sale_id) WHERE state = 'draft';
