ALTER TABLE "accounts" ADD COLUMN "terms_announced" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "accounts_terms_announced" ON "accounts" USING btree ("terms_announced");