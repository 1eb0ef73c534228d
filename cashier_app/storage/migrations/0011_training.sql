-- Practice is kept apart from work. A database of practice says so in `kept`, before its first sale; from
-- then on it stays one, and no database with sales becomes one.
CREATE TRIGGER practice_from_the_start BEFORE INSERT ON kept
WHEN NEW.name = 'practice' AND EXISTS (SELECT 1 FROM sale WHERE state = 'committed')
BEGIN
  SELECT RAISE(ABORT, 'work does not become practice');
END;
CREATE TRIGGER practice_stays BEFORE DELETE ON kept
WHEN OLD.name = 'practice'
BEGIN
  SELECT RAISE(ABORT, 'practice does not become work');
END;
CREATE TRIGGER practice_keeps_its_name BEFORE UPDATE OF name, text ON kept
WHEN OLD.name = 'practice' OR NEW.name = 'practice'
BEGIN
  SELECT RAISE(ABORT, 'practice does not become work');
END;
