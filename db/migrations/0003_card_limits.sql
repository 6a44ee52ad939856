ALTER TABLE "cards" ADD COLUMN "codes_unlocked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "card_browsers" ADD COLUMN "first_seen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "cards" DROP COLUMN "wrong_codes";--> statement-breakpoint
ALTER TABLE "cards" DROP COLUMN "locked_until";